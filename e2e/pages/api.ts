// The shapes of what `window.faultline` gives, as far as journeys read them.

export interface Node {
  id: string;
  client: boolean;
  status: 'up' | 'busy' | 'paused' | 'down' | 'left';
  role: string;
  cells: { label: string; text: string }[];
  offset: number;
  drift: number;
  slow: number;
  epoch: number | null;
  writing: number;
  synced: { with: string; error: number } | null;
  diskLatency: number | null;
  diskFull: boolean;
  diskSlow: number;
  lies: { id: string; sentence: string }[];
  lying: string | null;
  operations: string[];
}

export interface Flight {
  id: string;
  from: string;
  to: string;
  kind: string;
  text: string;
  sentAt: number;
  due: number;
  held: boolean;
  doomed: boolean;
}

export interface Link {
  from: string;
  to: string;
  cut: boolean;
  loss: string | null;
  duplication: string | null;
  fifo: boolean | null;
  latency: string | null;
  bandwidth: string | null;
  queue: number;
  held: boolean;
  dropped: string[];
}

export interface Planned {
  id: number;
  at: number;
  text: string;
  state: 'pending' | 'done' | 'skipped';
  event: number | null;
}

export interface View {
  time: number;
  event: number;
  nodes: Node[];
  flights: Flight[];
  links: Link[];
  verdicts: { property: string; holds: boolean; why: string; nodes: string[]; scope: string }[];
  next: { text: string; due: number; node: string }[];
  because: { text: string; source: string; rule: string } | null;
  workload: { text: string; issued: number; missed: number; finished: boolean } | null;
  elastic: boolean;
  plan: Planned[];
}

export interface Branch {
  index: number;
  current: boolean;
  parent: number | null;
  base: number;
  length: number;
  label: string;
}

export interface Operation {
  process: string;
  call: string;
  result: string | null;
  invoked: number;
  returned: number | null;
}

export interface LessonStatus {
  slug: string;
  title: string;
  step: number;
  steps: number;
  predictions: { step: number; choice: string; confidence: string; right: boolean }[];
  goals: { id: string; text: string; met: boolean }[];
  completed: boolean;
}

export interface Acted {
  event: number;
  at: number;
  text: string;
}
