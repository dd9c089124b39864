/** dynalite 4 brings no types; this is what we use of it. */
declare module "dynalite" {
  import type { Server } from "node:http";

  interface DynaliteOptions {
    /** Folder of its LevelDB. */
    path: string;
    /** Milliseconds that a new table stays in state CREATING. */
    createTableMs: number;
  }

  function dynalite(options: DynaliteOptions): Server;
  export = dynalite;
}
