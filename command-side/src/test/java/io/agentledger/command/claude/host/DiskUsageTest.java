package io.agentledger.command.claude.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agentledger.command.claude.host.DiskUsage.TreeUsage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of an agent are measured and removed completely, however it arranges them. */
class DiskUsageTest {
  private static final int KIB = 1024;

  @TempDir Path home;

  @AfterEach
  void cleanUp() throws IOException {
    TreeDeleter.deleteTree(home.resolve("tree"));
  }

  @Test
  void countsFileLengthsAndIgnoresLinks() throws Exception {
    Path tree = Files.createDirectories(home.resolve("tree"));
    Files.write(Files.createDirectories(tree.resolve("a/b")).resolve("file"), new byte[3 * KIB]);
    try (var holes = new RandomAccessFile(tree.resolve("holes").toFile(), "rw")) {
      holes.setLength(10L << 30);
    }
    Files.write(home.resolve("outside"), new byte[5 * KIB]);
    Files.createSymbolicLink(tree.resolve("link"), home.resolve("outside"));
    Files.createSymbolicLink(tree.resolve("round"), tree);
    assertThat(DiskUsage.bytes(tree))
        .isEqualTo(3 * KIB + (10L << 30) + 2 * DiskUsage.DIRECTORY_BYTES);
    assertThat(DiskUsage.bytes(home.resolve("nothing"))).isZero();
  }

  @Test
  void countsWhatHasANameThoughItHoldsNothing() throws Exception {
    Path tree = Files.createDirectories(home.resolve("tree/a")).getParent();
    Path file = Files.createFile(tree.resolve("file"));
    for (int i = 0; i < 50; i++) {
      Files.createLink(tree.resolve("a/hard-" + i), file);
      Files.createSymbolicLink(tree.resolve("soft-" + i), file);
    }
    assertThat(DiskUsage.measure(tree, Long.MAX_VALUE))
        .isEqualTo(new TreeUsage(DiskUsage.DIRECTORY_BYTES, 102));
    assertThat(DiskUsage.measure(tree, 20).entries()).isEqualTo(21);
  }

  @Test
  void treeTooDeepToMeasureIsNotCountedAsEmpty() throws Exception {
    Path tree = deep(30);
    assertThatThrownBy(() -> DiskUsage.bytes(tree))
        .isInstanceOf(DiskUsage.PathTooLongException.class);
  }

  @Test
  void removesTreesDeeperThanThePathLimit() throws Exception {
    Path tree = deep(200);
    TreeDeleter.deleteTree(tree);
    assertThat(tree).doesNotExist();
    assertThat(home).isEmptyDirectory();
  }

  /**
   * Creates nested directories step by step, as an agent does: each name is short, the path is not.
   */
  private Path deep(int levels) throws Exception {
    Path tree = Files.createDirectories(home.resolve("tree"));
    Process making =
        new ProcessBuilder("perl", "-e", PERL, Integer.toString(levels))
            .directory(tree.toFile())
            .redirectErrorStream(true)
            .start();
    String text = new String(making.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(making.waitFor()).as(text).isZero();
    return tree;
  }

  private static final String PERL =
      """
      my $name = "d" x 200;
      for (1 .. shift) {
        mkdir $name and chdir $name or die $!;
        open my $file, ">", "file" or die $!;
        print $file "x";
      }
      """;

  @Test
  void countsDeletedOpenFilesOnce() throws Exception {
    Path tree = Files.createDirectories(home.resolve("tree"));
    Process holder =
        new ProcessBuilder(
                "bash",
                "-c",
                "exec 3<>gone 4<gone; rm gone; head -c 40960 /dev/zero >&3; echo ready; read x")
            .directory(tree.toFile())
            .start();
    try {
      holder.inputReader().readLine();
      assertThat(DiskUsage.bytes(tree)).isZero();
      assertThat(DiskUsage.deletedFileBytes(Stream.of(holder.toHandle()))).isEqualTo(40 * KIB);
    } finally {
      holder.destroyForcibly();
    }
    await().atMost(60, TimeUnit.SECONDS).until(() -> !holder.isAlive());
    assertThat(DiskUsage.deletedFileBytes(Stream.of(holder.toHandle()))).isZero();
  }
}
