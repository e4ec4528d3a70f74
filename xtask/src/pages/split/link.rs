//! The script that fetches chunks: the program imports it, and it links each chunk with the program.

use super::Chunks;

/// How the program calls this script until it has its name.
pub const MODULE: &str = "./chunks.js";

/// The script, for a program whose own script is `stem`.js. Every chunk has a function that the
/// program calls with a function of its own to call back, by its place in the table of functions, and
/// something to give it; what failed may be called again.
pub fn script(chunks: &Chunks, stem: &str) -> String {
    let mut script = format!("import {{ initSync }} from \"./{stem}.js\";\n{LOADER}");
    for (chunk, files) in chunks {
        let names: Vec<String> = files.iter().map(|file| format!("\"{file}\"")).collect();
        script.push_str(&format!("export const __wasm_split_load_{chunk} = load([{}]);\n", names.join(", ")));
    }
    script
}

/// A host that sends WebAssembly under another type than its own is put up with, as by wasm-bindgen.
const LOADER: &str = r#"const loaded = new Map();
async function instantiate(file) {
  const response = await fetch(new URL(file, import.meta.url));
  if (!response.ok) throw new Error(`${file}: the server answers ${response.status}`);
  const imports = { __wasm_split: initSync() };
  if (response.headers.get("Content-Type")?.startsWith("application/wasm")) {
    return WebAssembly.instantiateStreaming(response, imports);
  }
  return WebAssembly.instantiate(await response.arrayBuffer(), imports);
}
function once(file) {
  if (!loaded.has(file)) {
    const loading = instantiate(file);
    loading.catch(() => loaded.delete(file));
    loaded.set(file, loading);
  }
  return loaded.get(file);
}
function load(files) {
  return async (callback, data) => {
    let done = true;
    try {
      await Promise.all(files.map(once));
    } catch (error) {
      console.warn(error);
      done = false;
    }
    initSync().__indirect_function_table.get(callback)(data, done);
  };
}
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_chunk_has_its_way_in() {
        let files = vec!["shared-1.wasm".to_owned(), "raft-2.wasm".to_owned()];
        let script = script(&Chunks::from([("raft".to_owned(), files)]), "app-3");
        assert!(script.starts_with("import { initSync } from \"./app-3.js\";\n"));
        assert!(script.ends_with(
            "export const __wasm_split_load_raft = load([\"shared-1.wasm\", \"raft-2.wasm\"]);\n"
        ));
    }
}
