package io.agentledger.command.claude.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.event.OutputEvent.CallStatus;
import io.agentledger.command.claude.sandbox.AgentPathResolver.HostLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** File of the agent's workspace that a client mentions. */
class MentionedFileTest {
  private static final int READS = 5000;

  @TempDir Path workspace;

  private MentionedFile readAttached(String name, byte[] content) throws IOException {
    Files.write(workspace.resolve(name), content);
    return MentionedFile.readAttached(new HostLocation(workspace, Path.of(name)));
  }

  @Test
  void imageThatTheCliAttachesIsDescribed() throws IOException {
    byte[] image = {(byte) 0x89, 'P', 'N', 'G'};
    MentionedFile file = readAttached("a.png", image);
    assertThat(file.status()).isEqualTo(CallStatus.RETURNED);
    assertThat(file.text())
        .isEqualTo(
            "Claude Code has read this file: 4 bytes, SHA-256 "
                + "0f4636c78f65d3639ece5a064b5ae753e3408614a14fb18ab4d7540d2c248543.");
  }

  @Test
  void textInAnotherEncodingThatTheCliAttachesIsDescribed() throws IOException {
    MentionedFile file = readAttached("a.txt", "für".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(file.status()).isEqualTo(CallStatus.RETURNED);
    assertThat(file.text()).startsWith("Claude Code has read this file: 3 bytes, SHA-256 ");
  }

  @Test
  void textThatTheCliAttachesIsRepeated() throws IOException {
    MentionedFile file = readAttached("a.txt", "für".getBytes(StandardCharsets.UTF_8));
    assertThat(file).isEqualTo(new MentionedFile(CallStatus.RETURNED, "für"));
  }

  @Test
  void onlyPdfFilesAreAttachedByTheCliWhateverTheirSize() throws IOException {
    byte[] large = new byte[MentionedFile.BYTES_MAX + 1];
    assertThat(readAttached("a.PDF", large))
        .isEqualTo(
            new MentionedFile(
                CallStatus.RETURNED, "Claude Code has read this file: 262145 bytes."));
    assertThat(readAttached("a.txt", large).status()).isEqualTo(CallStatus.FAILED);
  }

  @Test
  void clientIsToSendWhatIsNoTextAsAnAttachment() throws IOException {
    Files.write(workspace.resolve("a.png"), new byte[] {(byte) 0x89});
    assertThat(MentionedFile.read(new HostLocation(workspace, Path.of("a.png"))).status())
        .isEqualTo(CallStatus.FAILED);
  }

  /** This test blocked within 2,000 reads when the file was opened only for reading. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void pipeThatReplacesAFileDoesNotBlockTheReader() throws IOException, InterruptedException {
    Files.writeString(workspace.resolve("a"), "x");
    new ProcessBuilder("mkfifo", workspace.resolve("b").toString()).start().waitFor();
    Process exchanging =
        new ProcessBuilder(
                "perl",
                "-MConfig",
                "-e",
                "chdir $ARGV[0]; my ($a, $b) = qw(a b);"
                    + " my $exchange = $Config{archname} =~ /^x86_64/ ? 316 : 276;"
                    + " while (1) { syscall($exchange, -100, $a, -100, $b, 2) }",
                workspace.toString())
            .start();
    try {
      int contents = 0;
      for (int i = 0; i < READS; i++) {
        MentionedFile file = MentionedFile.read(new HostLocation(workspace, Path.of("a")));
        if (file.text().equals("x")) {
          contents++;
        }
      }
      assertThat(contents).isBetween(1, READS - 1); // The file was replaced in the meantime.
    } finally {
      exchanging.destroyForcibly();
    }
  }
}
