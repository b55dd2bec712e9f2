/** What an engine says of itself. */
export interface EngineInfo {
  readonly version: string;
  readonly apiVersion: string;
  readonly kernel: string;
  readonly cgroupVersion: string;
  readonly runtimes: readonly string[];
  readonly securityOptions: readonly string[];
  readonly cpus: number;
  readonly memoryBytes: number;
  /** Can the engine hold a container to a sum of memory and swap? Without it `memoryBytes` alone counts. */
  readonly limitsSwap: boolean;
  readonly limitsPids: boolean;
  /** Where the engine keeps its data; a path on its own host. */
  readonly rootDir: string;
}

/** An image in the engine. */
export interface EngineImage {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What a container uses at one moment, by the host's count. */
export interface Usage {
  readonly pids: number;
  /** The ceiling that the kernel holds them to; infinite when there is none. */
  readonly mostPids: number;
  /** The highest so far where the engine knows it (cgroup v1), else the present amount. */
  readonly memoryBytes: number;
  /** Processor time since the container began. */
  readonly cpuMs: number;
  readonly atMs: number;
}

/**
 * Looks at an engine and its containers; changes nothing.
 * @throws SallyportError `engine.unavailable`, `engine.failed`
 */
export interface Engine {
  info(): Promise<EngineInfo>;
  image(ref: string): Promise<EngineImage | undefined>;
  /** Ids of the containers of this owner, whatever their state. */
  containersOf(ownerId: string): Promise<readonly string[]>;
  /** Undefined when the container is gone or does not run. */
  usage(containerId: string): Promise<Usage | undefined>;
  /**
   * Paths on the engine's own host that it keeps for this one container: its layer, volumes, log and
   * generated files. None may be there when it is gone.
   */
  placesOf(containerId: string): Promise<readonly string[]>;
  /** Bytes that a container has written to its own layer on the host's disk; undefined when it is gone. */
  writtenBytes(containerId: string): Promise<number | undefined>;
}
