package io.agentledger.command.claude.snapshot;

import io.agentledger.command.claude.snapshot.Manifest.Chunk;
import java.util.List;

/** Receives the bytes of a tree while it is read. */
interface ChunkSink {
  /** Adds bytes and returns the chunk that refers to them. */
  Chunk add(byte[] bytes, int length);

  /** Returns the chunks that refer to bytes which were read before. */
  List<Chunk> reuse(List<Chunk> chunks);
}
