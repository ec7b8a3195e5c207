package io.agentledger.command.claude.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.claude.sandbox.AgentPathResolver.HostLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A file of the agent's workspace that the client mentions. */
class MentionedFileTest {
  private static final int READS = 5000;

  @TempDir Path workspace;

  /** Blocked within 2,000 reads when the file was opened for reading alone. */
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void pipeThatIsPutInThePlaceOfAFileHoldsNobodyUp() throws IOException, InterruptedException {
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
      assertThat(contents).isBetween(1, READS - 1); // It was exchanged meanwhile.
    } finally {
      exchanging.destroyForcibly();
    }
  }
}
