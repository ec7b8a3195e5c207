package io.agentledger.command.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.workspace.FilePath;
import io.agentledger.api.workspace.StagedUpload;
import io.agentledger.api.workspace.WorkspaceProvisioner.Staged;
import io.agentledger.command.workspace.archive.CopyLimits;
import io.agentledger.command.workspace.archive.UploadUnpacker;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives become trees, or nothing at all; none of them affects files outside of its tree. */
class UploadedTreeTest {
  private static final long MIB = 1024L * 1024;
  private static final CopyLimits LIMITS = new CopyLimits(64 * MIB, 100, 10);

  @TempDir Path temporary;
  private Path archive;
  private Path tree;

  @BeforeEach
  void places() {
    archive = temporary.resolve("archive");
    tree = temporary.resolve("tree");
  }

  private Staged make(Path... archives) throws IOException {
    var stagedUploads = Arrays.stream(archives).map(path -> new StagedUpload(path, null)).toList();
    return UploadUnpacker.createTree(stagedUploads, tree, LIMITS);
  }

  private void isRefused(String code) {
    assertThatThrownBy(() -> make(archive))
        .isInstanceOfSatisfying(
            RejectionException.class, e -> assertThat(e.rejection().code()).isEqualTo(code));
    assertThat(temporary.resolve("outside")).doesNotExist();
  }

  private String mode(String path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(tree.resolve(path)));
  }

  @Test
  void tarGzIsUnpackedWithModesTimesAndLinks() throws IOException {
    TestArchives.tarGz(
        archive,
        tar -> {
          TestArchives.other(tar, "./", TarConstants.LF_DIR, "");
          TestArchives.other(tar, "./bin/", TarConstants.LF_DIR, "");
          TestArchives.file(tar, "./bin/run", 04755, "#!/bin/sh\n".getBytes());
          TestArchives.file(tar, "deep/er/file", "hello");
          TestArchives.other(tar, "link", TarConstants.LF_SYMLINK, "deep/er/file");
        });
    assertThat(make(archive)).isEqualTo(new Staged(2, 15));
    assertThat(mode("bin/run")).as("nobody's set-uid").isEqualTo("rwxr-xr-x");
    assertThat(mode("deep/er/file")).isEqualTo("rw-r--r--");
    assertThat(mode("deep/er")).isEqualTo("rwxr-xr-x");
    assertThat(tree.resolve("link")).isSymbolicLink().hasContent("hello");
  }

  @Test
  void zipIsUnpackedWithModesAndLinks() throws IOException {
    TestArchives.zip(
        archive,
        zip -> {
          TestArchives.file(zip, "bin/run", 0100755, "#!/bin/sh\n");
          TestArchives.file(zip, "plain", 0, "no mode");
          TestArchives.file(zip, "l\u00efnk", 0120777, "bin/run");
        });
    assertThat(make(archive)).isEqualTo(new Staged(2, 17));
    assertThat(mode("bin/run")).isEqualTo("rwxr-xr-x");
    assertThat(mode("plain")).isEqualTo("rw-r--r--");
    assertThat(tree.resolve("l\u00efnk")).isSymbolicLink().hasContent("#!/bin/sh");
  }

  @Test
  void filesAndArchivesAreCombined() throws IOException {
    TestArchives.tar(archive, tar -> TestArchives.file(tar, "a/one", "1"));
    var file = Files.writeString(temporary.resolve("sent"), "22");
    var stagedUploads =
        List.of(new StagedUpload(archive, null), new StagedUpload(file, FilePath.of("a/two")));
    assertThat(UploadUnpacker.createTree(stagedUploads, tree, LIMITS)).isEqualTo(new Staged(2, 3));
    assertThat(tree.resolve("a/two")).hasContent("22");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside",
        "a/../../outside",
        "/outside",
        "a/..",
        "..",
        "a/../b",
        "./../outside"
      })
  void rejectsNamesThatLeadOut(String name) throws IOException {
    TestArchives.tar(archive, tar -> TestArchives.file(tar, name, "x"));
    isRefused("workspace_bad_path");
    Files.delete(archive);
    tree = temporary.resolve("other");
    TestArchives.zip(archive, zip -> TestArchives.file(zip, name, 0, "x"));
    isRefused("workspace_bad_path");
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 201, 250})
  void rejectsPathsThatAreTooDeepWithTheLimit(int steps) throws IOException {
    var name = "d/".repeat(steps - 1) + "file";
    TestArchives.zip(archive, zip -> TestArchives.file(zip, name, 0, "x"));
    assertThatThrownBy(() -> make(archive))
        .isInstanceOfSatisfying(
            RejectionException.class,
            refused -> {
              assertThat(refused.rejection().code()).isEqualTo("workspace_too_large");
              assertThat(refused.rejection().message()).contains("more than 100 steps");
            });
  }

  @Test
  void acceptsTheDeepestPathThatCanBeReadLater() throws IOException {
    var name = "d/".repeat(FilePath.STEPS_MAX - 1) + "file";
    TestArchives.zip(archive, zip -> TestArchives.file(zip, name, 0, "x"));
    var staged = List.of(new StagedUpload(archive, null));
    assertThat(UploadUnpacker.createTree(staged, tree, CopyLimits.ofMib(1)))
        .isEqualTo(new Staged(1, 1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/etc/passwd", "../outside", "..", "a/../../outside"})
  void rejectsLinksThatLeadOut(String target) throws IOException {
    TestArchives.tar(
        archive, tar -> TestArchives.other(tar, "link", TarConstants.LF_SYMLINK, target));
    isRefused("workspace_link_escapes");
    Files.delete(archive);
    tree = temporary.resolve("other");
    TestArchives.zip(archive, zip -> TestArchives.file(zip, "link", 0120777, target));
    isRefused("workspace_link_escapes");
  }

  @Test
  void writesNothingThroughALink() throws IOException {
    TestArchives.tar(
        archive,
        tar -> {
          TestArchives.other(tar, "way", TarConstants.LF_SYMLINK, temporary.toString());
          TestArchives.file(tar, "way/outside", "x");
        });
    isRefused("workspace_duplicate");
  }

  @Test
  void rejectsALinkInPlaceOfAFile() throws IOException {
    TestArchives.tar(
        archive,
        tar -> {
          TestArchives.file(tar, "file", "x");
          TestArchives.other(tar, "file", TarConstants.LF_SYMLINK, "other");
        });
    isRefused("workspace_duplicate");
  }

  @Test
  void rejectsHardLinks() throws IOException {
    TestArchives.tar(
        archive, tar -> TestArchives.other(tar, "link", TarConstants.LF_LINK, "/etc/passwd"));
    isRefused("workspace_hard_link");
  }

  @ParameterizedTest
  @ValueSource(bytes = {TarConstants.LF_BLK, TarConstants.LF_CHR, TarConstants.LF_FIFO})
  void rejectsDevicesAndPipes(byte kind) throws IOException {
    TestArchives.tar(archive, tar -> TestArchives.other(tar, "device", kind, ""));
    isRefused("workspace_special_file");
  }

  @Test
  void rejectsAPipeInAZip() throws IOException {
    TestArchives.zip(archive, zip -> TestArchives.file(zip, "pipe", 0010644, ""));
    isRefused("workspace_special_file");
  }

  @Test
  void decompressionBombIsStoppedEarly() throws IOException {
    var zeros = new byte[(int) (60 * MIB)];
    TestArchives.tarGz(archive, tar -> TestArchives.file(tar, "zeros", 0644, zeros));
    isRefused("workspace_bomb");
    assertThat(Files.size(tree.resolve("zeros"))).isLessThan(20 * MIB);
    Files.delete(archive);
    tree = temporary.resolve("other");
    TestArchives.zip(archive, zip -> TestArchives.file(zip, "zeros", 0, new String(zeros)));
    isRefused("workspace_bomb");
  }

  @Test
  void rejectsContentOverTheLimitHoweverCompressed() throws IOException {
    var noise = new byte[(int) (5 * MIB)];
    new Random(7).nextBytes(noise);
    TestArchives.tar(archive, tar -> TestArchives.file(tar, "noise", 0644, noise));
    var few = new CopyLimits(4 * MIB, 100, 10);
    assertThatThrownBy(
            () -> UploadUnpacker.createTree(List.of(new StagedUpload(archive, null)), tree, few))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection().code()).isEqualTo("storage_full"));
  }

  @Test
  void rejectsTooManyAndTooDeepEntries() throws IOException {
    TestArchives.tar(
        archive,
        tar -> {
          for (int i = 0; i < 101; i++) TestArchives.file(tar, "f" + i, "");
        });
    isRefused("workspace_too_large");
    Files.delete(archive);
    tree = temporary.resolve("other");
    TestArchives.tar(archive, tar -> TestArchives.file(tar, "d/".repeat(11) + "f", ""));
    isRefused("workspace_too_large");
  }

  @Test
  void rejectsAPathThatIsTooLongForTheFileSystem() throws IOException {
    var name = "x".repeat(250);
    TestArchives.tar(
        archive,
        tar -> TestArchives.file(tar, String.join("/", Collections.nCopies(17, name)), ""));
    var uploads = List.of(new StagedUpload(archive, null));
    assertThatThrownBy(() -> UploadUnpacker.createTree(uploads, tree, CopyLimits.ofMib(1)))
        .isInstanceOfSatisfying(
            RejectionException.class,
            e -> assertThat(e.rejection().code()).isEqualTo("workspace_too_large"));
  }

  /**
   * A name of eight megabytes, which the reader would keep in memory, is compressed to a few
   * kilobytes.
   */
  @Test
  void rejectsAnUnboundedHeader() throws IOException {
    TestArchives.tarGz(
        archive,
        tar -> {
          var name = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
          name.setSize(8 * MIB);
          tar.putArchiveEntry(name);
          tar.write(new byte[(int) (8 * MIB)]);
          tar.closeArchiveEntry();
          TestArchives.file(tar, "file", "x");
        });
    isRefused("workspace_broken_archive");
  }

  @Test
  void rejectsTruncatedAndDamagedArchives() throws IOException {
    var noise = new byte[100_000];
    new Random(7).nextBytes(noise);
    for (int cut : new int[] {600, 50_000, 99_000}) {
      TestArchives.tarGz(archive, tar -> TestArchives.file(tar, "noise", 0644, noise));
      Files.write(archive, Arrays.copyOf(Files.readAllBytes(archive), cut));
      tree = temporary.resolve("cut" + cut);
      isRefused("workspace_broken_archive");
    }
    TestArchives.zip(archive, zip -> TestArchives.file(zip, "text", 0, "some words ".repeat(1000)));
    var bytes = Files.readAllBytes(archive);
    bytes[60] ^= 0x55;
    Files.write(archive, bytes);
    tree = temporary.resolve("damaged");
    isRefused("workspace_broken_archive");
    Files.write(archive, Arrays.copyOf(bytes, bytes.length - 30));
    tree = temporary.resolve("without-table");
    isRefused("workspace_broken_archive");
  }

  @Test
  void rejectsFilesThatAreNoArchive() throws IOException {
    Files.writeString(archive, "just a text\n".repeat(100));
    isRefused("workspace_not_an_archive");
    Files.write(archive, new byte[0]);
    tree = temporary.resolve("empty");
    isRefused("workspace_not_an_archive");
  }

  @Test
  void emptyTarMakesAnEmptyTree() throws IOException {
    TestArchives.tar(archive, tar -> {});
    assertThat(make(archive)).isEqualTo(new Staged(0, 0));
    assertThat(tree).isEmptyDirectory();
  }

  @Test
  void packingIsDeterministicAndRoundTrips() throws IOException {
    TestArchives.tar(
        archive,
        tar -> {
          TestArchives.file(tar, "b/run", 0755, "#!/bin/sh\n".getBytes());
          TestArchives.file(tar, "a", "hello");
          TestArchives.file(tar, "n\u00e4me " + "long/".repeat(8) + "x".repeat(120), "far");
          TestArchives.other(tar, "b/link", TarConstants.LF_SYMLINK, "../a");
          TestArchives.other(tar, "empty/", TarConstants.LF_DIR, "");
        });
    make(archive);
    Files.setLastModifiedTime(tree.resolve("a"), FileTime.fromMillis(1_700_000_000_123L));
    var first = TestArchives.bytes(new TarGzPacker(tree, MIB));
    assertThat(TestArchives.bytes(new TarGzPacker(tree, MIB))).isEqualTo(first);

    Files.write(archive, first);
    tree = temporary.resolve("again");
    assertThat(make(archive)).isEqualTo(new Staged(3, 18));
    assertThat(mode("b/run")).isEqualTo("rwxr-xr-x");
    assertThat(tree.resolve("b/link")).isSymbolicLink().hasContent("hello");
    assertThat(tree.resolve("empty")).isEmptyDirectory();
    assertThat(Files.getLastModifiedTime(tree.resolve("a")).toMillis())
        .isEqualTo(1_700_000_000_000L);
    assertThat(TestArchives.bytes(new TarGzPacker(tree, MIB))).isEqualTo(first);
  }

  @Test
  void archiveOfFilesWithHolesBreaksOffBeforeTheyAreRead() throws Exception {
    Files.createDirectory(tree);
    try (var holes = new RandomAccessFile(tree.resolve("holes").toFile(), "rw")) {
      holes.setLength(1L << 40);
    }
    assertThatThrownBy(() -> TestArchives.bytes(new TarGzPacker(tree, MIB)))
        .hasMessageContaining("exceeds the size limit of an archive");
  }

  @Test
  void pipeInTheWorkspaceDoesNotBlockPacking() throws Exception {
    Files.createDirectory(tree);
    Files.writeString(tree.resolve("z"), "after");
    var made = new ProcessBuilder("mkfifo", tree.resolve("pipe").toString()).inheritIO().start();
    assertThat(made.waitFor()).isZero();
    Files.write(archive, TestArchives.bytes(new TarGzPacker(tree, MIB)));
    tree = temporary.resolve("again");
    assertThat(make(archive)).isEqualTo(new Staged(1, 5));
  }
}
