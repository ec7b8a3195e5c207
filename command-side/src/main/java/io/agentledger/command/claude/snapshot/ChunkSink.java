package io.agentledger.command.claude.snapshot;

import io.agentledger.command.claude.snapshot.Manifest.Chunk;
import java.util.List;
import java.util.Optional;

/** Receives the bytes of a tree while it is read. */
interface ChunkSink {
  /** Adds bytes and returns the chunk that refers to them. */
  Chunk add(byte[] bytes, int length);

  /**
   * Returns chunks for bytes that were read before; empty if their location is unknown, so that
   * they have to be read again.
   */
  Optional<List<Chunk>> reuse(List<Chunk> chunks);
}
