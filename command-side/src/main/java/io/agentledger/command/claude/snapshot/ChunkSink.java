package io.agentledger.command.claude.snapshot;

import io.agentledger.command.claude.snapshot.Manifest.Chunk;
import java.util.List;

/** Receiver of the bytes of a tree that is read. */
interface ChunkSink {
  /** These bytes, and how they are named from now on. */
  Chunk add(byte[] bytes, int length);

  /** How chunks are named that were read before. */
  List<Chunk> reuse(List<Chunk> chunks);
}
