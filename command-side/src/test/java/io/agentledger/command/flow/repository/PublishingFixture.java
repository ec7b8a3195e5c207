package io.agentledger.command.flow.repository;

import io.agentledger.command.claude.snapshot.Manifest;
import io.agentledger.command.claude.snapshot.Manifest.Entry;
import io.agentledger.command.claude.snapshot.Manifest.Kind;
import io.agentledger.command.workspace.CheckpointFiles.CheckpointTree;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.util.unit.DataSize;

/** Settings with small limits, and the files of a checkpoint. */
final class PublishingFixture {
  static final int FILES_MAX = 20;

  private final Map<String, Entry> entries = new TreeMap<>();
  private final Map<String, byte[]> contents = new HashMap<>();

  static PublishingSettings settings(boolean allowWorkflows) {
    return new PublishingSettings(
        "Ledger",
        "ledger@noreply.invalid",
        2,
        DataSize.ofMegabytes(16),
        DataSize.ofKilobytes(512),
        DataSize.ofKilobytes(256),
        FILES_MAX,
        allowWorkflows);
  }

  PublishingFixture file(String path, int mode, byte[] content) {
    contents.put(path, content);
    entries.put(path, new Entry(path, Kind.FILE, mode, 0, content.length, "", List.of()));
    return this;
  }

  PublishingFixture file(String path, String text) {
    return file(path, 0644, text.getBytes(StandardCharsets.UTF_8));
  }

  PublishingFixture link(String path, String target) {
    entries.put(path, new Entry(path, Kind.LINK, 0777, 0, target.length(), target, List.of()));
    return this;
  }

  PublishingFixture folder(String path) {
    entries.put(path, new Entry(path, Kind.FOLDER, 0755, 0, 0, "", List.of()));
    return this;
  }

  PublishingFixture without(String path) {
    entries.remove(path);
    return this;
  }

  CheckpointTree clonedFrom(String commit) {
    var manifest = new Manifest(List.of(), List.copyOf(entries.values())).withoutGit();
    var taken = Map.copyOf(contents);
    return new CheckpointTree(
        manifest,
        (file, out) -> out.write(taken.get(file.path())),
        Instant.parse("2026-11-24T10:00:00Z"),
        true,
        commit);
  }
}
