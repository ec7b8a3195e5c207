package io.agentledger.command.claude.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.ops.SandboxLevel;
import io.agentledger.command.claude.protocol.ClaudeMessage.MalformedLine;
import io.agentledger.command.claude.protocol.ClaudeMessage.MessageStarted;
import io.agentledger.command.claude.protocol.ClaudeMessage.OversizedLine;
import io.agentledger.command.claude.protocol.JournalFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The fake CLI fulfils the contract of the real one, and shows its faults. */
class FakeCliContractTest extends ClaudeProcessContractTest {
  @Override
  CliTestProcess startProcess(Path home) throws Exception {
    Path bin = Files.createDirectories(home.resolve("bin"));
    return new CliTestProcess(home, FakeCli.install(bin), Optional.of(SandboxLevel.NONE))
        .withModel();
  }

  @Test
  void oversizedLineIsReportedAndTheNextOneIsRead() throws Exception {
    start().prompt("[[giant]]");
    OversizedLine oversizedLine = rig.await(OversizedLine.class);
    assertThat(oversizedLine.bytes()).isGreaterThan(JournalFile.LINE_BYTES_MAX);
    rig.prompt(PromptScript.sayCommand("after"));
    rig.await(MessageStarted.class);
  }

  @Test
  void malformedLineIsUnreadableAndTheNextOneIsRead() throws Exception {
    start().prompt("[[garbage]]");
    rig.await(MalformedLine.class);
    rig.prompt(PromptScript.sayCommand("after"));
    rig.await(MessageStarted.class);
  }

  @Test
  void outputIsReadWithoutAWatchOfTheSystem() throws Exception {
    rig = startProcess(home).withoutWatches().start();
    rig.prompt(PromptScript.sayCommand("polled"));
    rig.await(MessageStarted.class);
  }

  @Test
  void exitStatusOfADeadCliIsKept() throws Exception {
    start().prompt("[[die]]");
    rig.awaitEnd();
    assertThat(rig.process.exitStatus()).hasValue(7);
  }
}
