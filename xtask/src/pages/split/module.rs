//! What the cutting reads of a module and changes in one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use wasm_encoder::{ConstExpr, DataCountSection, DataSection, ExportKind, ExportSection, Module, RawSection};
use wasmparser::{
    DataKind, DataSectionReader, ExternalKind, KnownCustom, Name, Operator, Parser, Payload, TypeRef,
};

/// Exports that keep functions in the main piece. They are gone from what visitors get.
const KEPT: &str = "__kept_in_main_";

/// A constant at its address.
pub type Constant = (i32, Vec<u8>);

/// Name and size of the functions that a module defines.
pub fn functions(wasm: &[u8]) -> Result<Vec<(String, usize)>> {
    let (mut index, mut sizes, mut names) = (0, Vec::new(), BTreeMap::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(section) => {
                for import in section.into_imports() {
                    index += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => sizes.push(body.as_bytes().len()),
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(reader) = section.as_known() {
                    for part in reader {
                        let Name::Function(map) = part? else { continue };
                        for naming in map {
                            let naming = naming?;
                            names.insert(naming.index, symbol(naming.name).to_owned());
                        }
                    }
                }
            }
            _ => {}
        }
    }
    // What the cutting makes itself may have no name.
    Ok((index..).zip(sizes).map(|(at, size)| (names.remove(&at).unwrap_or_default(), size)).collect())
}

/// The cutting names its own way into a function after it, with a word more. No symbol has a blank.
fn symbol(name: &str) -> &str {
    name.split(' ').next().unwrap_or(name)
}

/// The same module, which exports the functions of these names, too.
pub fn exporting(wasm: &[u8], names: &BTreeSet<String>) -> Result<Vec<u8>> {
    let imported = imported_functions(wasm)?;
    let places: Vec<u32> = (imported..)
        .zip(functions(wasm)?)
        .filter(|(_, (name, _))| names.contains(name))
        .map(|(place, _)| place)
        .collect();
    rewrite(wasm, |payload, module| {
        let Payload::ExportSection(section) = payload else { return Ok(false) };
        let mut exports = ExportSection::new();
        for export in section.clone() {
            let export = export?;
            exports.export(export.name, kind(export.kind)?, export.index);
        }
        for place in &places {
            exports.export(&format!("{KEPT}{place}"), ExportKind::Func, *place);
        }
        module.section(&exports);
        Ok(true)
    })
}

/// The constants that a module puts into memory.
pub fn constants(wasm: &[u8]) -> Result<Vec<Constant>> {
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::DataSection(section) = payload? {
            let all = all_constants(&section)?;
            return Ok(all.into_iter().filter(|(_, bytes)| !bytes.is_empty()).collect());
        }
    }
    Ok(Vec::new())
}

/// The same module with more constants, and without the exports that [`exporting`] added.
pub fn with_constants(wasm: &[u8], more: &[Constant]) -> Result<Vec<u8>> {
    rewrite(wasm, |payload, module| {
        match payload {
            Payload::ExportSection(section) => {
                let mut exports = ExportSection::new();
                for export in section.clone() {
                    let export = export?;
                    if !export.name.starts_with(KEPT) {
                        exports.export(export.name, kind(export.kind)?, export.index);
                    }
                }
                module.section(&exports);
            }
            Payload::DataCountSection { count, .. } => {
                module.section(&DataCountSection { count: count + more.len() as u32 });
            }
            Payload::DataSection(section) => {
                let mut data = DataSection::new();
                for (address, bytes) in all_constants(section)?.iter().chain(more) {
                    data.active(0, &ConstExpr::i32_const(*address), bytes.iter().copied());
                }
                module.section(&data);
            }
            _ => return Ok(false),
        }
        Ok(true)
    })
}

fn all_constants(section: &DataSectionReader) -> Result<Vec<Constant>> {
    let mut all = Vec::new();
    for data in section.clone() {
        let data = data?;
        let DataKind::Active { memory_index: 0, offset_expr } = data.kind else {
            bail!("the program has constants without an address");
        };
        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
            bail!("the program has constants at an address that is reckoned");
        };
        all.push((value, data.data.to_vec()));
    }
    Ok(all)
}

fn imported_functions(wasm: &[u8]) -> Result<u32> {
    let mut count = 0;
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::ImportSection(section) = payload? {
            for import in section.into_imports() {
                count += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
            }
        }
    }
    Ok(count)
}

/// Copies a module section by section; `change` writes a section itself and says so.
fn rewrite(wasm: &[u8], mut change: impl FnMut(&Payload, &mut Module) -> Result<bool>) -> Result<Vec<u8>> {
    let mut module = Module::new();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        if change(&payload, &mut module)? {
            continue;
        }
        if let Some((id, range)) = payload.as_section() {
            module.section(&RawSection { id, data: &wasm[range] });
        }
    }
    Ok(module.finish())
}

fn kind(kind: ExternalKind) -> Result<ExportKind> {
    Ok(match kind {
        ExternalKind::Func | ExternalKind::FuncExact => ExportKind::Func,
        ExternalKind::Table => ExportKind::Table,
        ExternalKind::Memory => ExportKind::Memory,
        ExternalKind::Global => ExportKind::Global,
        ExternalKind::Tag => bail!("the program exports an exception, which nobody expects"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_encoder::{
        CodeSection, Function, FunctionSection, MemorySection, MemoryType, NameMap, NameSection, TypeSection,
    };

    /// A module of two functions, of which it exports the first, and a constant.
    fn module() -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let (mut functions, mut code, mut names) =
            (FunctionSection::new(), CodeSection::new(), NameMap::new());
        for (place, name) in ["one", "two local_shim"].iter().enumerate() {
            functions.function(0);
            let mut function = Function::new([]);
            function.instructions().end();
            code.function(&function);
            names.append(place as u32, name);
        }
        let mut memory = MemorySection::new();
        let memory_type =
            MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None };
        memory.memory(memory_type);
        let mut exports = ExportSection::new();
        exports.export("one", ExportKind::Func, 0);
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(64), [1, 2]);
        let mut name_section = NameSection::new();
        name_section.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&memory).section(&exports);
        module.section(&DataCountSection { count: 1 }).section(&code).section(&data).section(&name_section);
        module.finish()
    }

    fn exports(wasm: &[u8]) -> Vec<String> {
        let sections = Parser::new(0).parse_all(wasm).filter_map(|payload| match payload.unwrap() {
            Payload::ExportSection(section) => Some(section),
            _ => None,
        });
        sections.flatten().map(|export| export.unwrap().name.to_owned()).collect()
    }

    #[test]
    fn functions_are_known_by_their_symbols() {
        let names: Vec<String> = functions(&module()).unwrap().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["one", "two"]);
    }

    #[test]
    fn what_was_exported_for_the_cutting_is_gone_after_it() {
        let told = exporting(&module(), &BTreeSet::from(["two".to_owned()])).unwrap();
        assert_eq!(exports(&told), ["one", "__kept_in_main_1"]);
        let done = with_constants(&told, &[(128, vec![3])]).unwrap();
        assert_eq!(exports(&done), ["one"]);
        assert_eq!(constants(&done).unwrap(), [(64, vec![1, 2]), (128, vec![3])]);
        assert_eq!(functions(&done).unwrap(), functions(&module()).unwrap());
    }
}
