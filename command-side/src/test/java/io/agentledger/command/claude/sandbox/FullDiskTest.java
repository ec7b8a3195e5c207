package io.agentledger.command.claude.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.command.claude.host.TreeDeleter;
import io.agentledger.store.SmallDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A full disk makes the operations of that time fail, and no later ones. */
class FullDiskTest {
  private static final int KIB = 4096;

  @TempDir Path parent;

  private Path home;
  private SmallDisk disk;

  @BeforeEach
  void mount() throws IOException {
    Files.setPosixFilePermissions(parent, PosixFilePermissions.fromString("rwx--x--x"));
    home = Files.createDirectory(parent.resolve("h"));
    disk = SmallDisk.mount(home, KIB);
  }

  @AfterEach
  void unmount() throws IOException {
    disk.close();
  }

  @Test
  void sessionThatFoundTheDiskFullTakesNoUidFromLaterOnes() throws IOException {
    UidAllocator uids = uids();
    disk.fill(0);
    assertThatThrownBy(() -> uids.allocate("ses_1")).isInstanceOf(IOException.class);
    disk.free();

    assertThat(uids.allocate("ses_2")).isEqualTo(uids().allocate("ses_2"));
    assertThat(uids.allocate("ses_1")).isNotEqualTo(uids.allocate("ses_2"));
    assertThat(names(uidDirectory())).allMatch(name -> name.matches("[0-9]+"));
  }

  @Test
  void startRepairsUidFilesThatNameNoSession() throws IOException {
    for (String name : new String[] {"7", "8", ".9.0b5ff3d6-7a5c-4a0f-9d7a-0d2c2ffb9d1a"}) {
      Files.createFile(uidDirectory().resolve(name));
    }
    assertThat(uids().allocate("ses_1")).isEqualTo(7);
    assertThat(names(uidDirectory())).containsExactly("7");
  }

  @Test
  void startSucceedsOnceThereIsRoomHoweverFarAnEarlierOneCame() throws IOException {
    int failures = 0;
    for (int kib = 0; kib < KIB; kib += 4 + kib / 3) {
      disk.fill(kib);
      try {
        open();
        break;
      } catch (IOException full) {
        failures++;
      }
      disk.free();
      SessionPaths session = open();
      assertThat(session.accounts()).isNotEmptyFile();
      assertThat(session.configuration().resolve("settings.json")).hasContent("{}");
      TreeDeleter.deleteTree(home.resolve("run"));
    }
    assertThat(failures).isGreaterThan(3);
  }

  private SessionPaths open() throws IOException {
    return RunDirectory.open(home).sessionPaths("ses_0123456789", true);
  }

  private Path uidDirectory() throws IOException {
    return Files.createDirectories(home.resolve("uids"));
  }

  private UidAllocator uids() throws IOException {
    return new UidAllocator(uidDirectory(), 7, 10);
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
