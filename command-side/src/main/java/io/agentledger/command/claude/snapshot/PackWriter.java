package io.agentledger.command.claude.snapshot;

import io.agentledger.api.shared.Id;
import io.agentledger.command.claude.snapshot.Manifest.Chunk;
import io.agentledger.store.crypto.SealedBlobStore;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes new content into packs of a few MiB, so that a thousand small files need only a few
 * writes. Content of the previous manifest is only referenced.
 */
final class PackWriter implements ChunkSink {
  static final String PACK = "pack";
  private static final int PACK_BYTES = 4 * 1024 * 1024;

  private final Id subject;
  private final SealedBlobStore store;
  private final List<String> packs = new ArrayList<>();
  private final Map<String, Integer> packIndexes = new HashMap<>();
  private final Map<String, Chunk> known = new HashMap<>();
  private final ByteArrayOutputStream open = new ByteArrayOutputStream();
  private int openPack = -1;
  private long stored;

  PackWriter(Id subject, SealedBlobStore store, Manifest before) {
    this.subject = subject;
    this.store = store;
    for (var entry : before.entries())
      for (var chunk : entry.chunks())
        known.putIfAbsent(chunk.sha256(), reuse(chunk, before.packs().get(chunk.pack())));
  }

  private Chunk reuse(Chunk chunk, String pack) {
    int packIndex = packIndexes.computeIfAbsent(pack, this::addPack);
    return new Chunk(chunk.sha256(), packIndex, chunk.offset(), chunk.length());
  }

  private int addPack(String pack) {
    packs.add(pack);
    return packs.size() - 1;
  }

  @Override
  public Chunk add(byte[] bytes, int length) {
    String sha256 = sha256(bytes, length);
    Chunk knownChunk = known.get(sha256);
    if (knownChunk != null) return knownChunk;
    if (openPack >= 0 && open.size() + length > PACK_BYTES) close();
    if (openPack < 0) openPack = addPack("");
    var chunk = new Chunk(sha256, openPack, open.size(), length);
    open.write(bytes, 0, length);
    known.put(sha256, chunk);
    return chunk;
  }

  @Override
  public Optional<List<Chunk>> reuse(List<Chunk> chunks) {
    var reused = new ArrayList<Chunk>();
    for (var chunk : chunks) {
      var knownChunk = known.get(chunk.sha256());
      if (knownChunk == null) return Optional.empty(); // It was read for another manifest.
      reused.add(knownChunk);
    }
    return Optional.of(reused);
  }

  private void close() {
    if (openPack < 0) return;
    var storedBlob = store.put(subject, PACK, open.toByteArray());
    packs.set(openPack, storedBlob.name());
    stored += storedBlob.bytes();
    open.reset();
    openPack = -1;
  }

  /** Writes the last pack and returns the manifest; packs without references are left out. */
  Manifest manifest(List<Manifest.Entry> entries) {
    close();
    var used = new ArrayList<String>();
    var moved = new HashMap<Integer, Integer>();
    var renamed = new ArrayList<Manifest.Entry>();
    for (var entry : entries)
      renamed.add(
          entry.withChunks(
              entry.chunks().stream()
                  .map(
                      chunk ->
                          new Chunk(
                              chunk.sha256(),
                              moved.computeIfAbsent(
                                  chunk.pack(),
                                  old -> {
                                    used.add(packs.get(old));
                                    return used.size() - 1;
                                  }),
                              chunk.offset(),
                              chunk.length()))
                  .toList()));
    return Manifest.sorted(used, renamed);
  }

  /** Returns the number of bytes that were added to the store. */
  long storedBytes() {
    return stored;
  }

  static String sha256(byte[] bytes, int length) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes, 0, length);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
