package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.command.model.RecordedModelRequests;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;

/** What the memory of a workspace imports is what its agent may read. */
@Import(RecordedModelRequests.RecordingConfiguration.class)
class MemoryImportsIT extends RunnerTestSupport {
  private static final String CONTENT = "CONTENT-THAT-NOBODY-READS";

  private void openDenied() throws IOException {
    var rules = List.of("Read(secrets/**)");
    open(
        new RunOverrides(null, PermissionMode.DEFAULT, null, rules, null, null),
        PREPARED,
        new SessionOrigin.Fresh());
    writeWorkspaceFile("secrets/key.pem", CONTENT);
    writeWorkspaceFile("notes.md", "Notes for all. @secrets/key.pem");
  }

  @Test
  void importThatAPolicyDeniesIsLeftOutAndRecorded() throws IOException {
    openDenied();
    writeWorkspaceFile("CLAUDE.md", "Be brief. See @notes.md and @secrets/key.pem");
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    assertThat(RecordedModelRequests.requestsOf(session))
        .contains("Notes for all.")
        .doesNotContain(CONTENT);
    assertThat(events(IncidentNoted.class))
        .singleElement()
        .satisfies(
            noted -> {
              assertThat(noted.incident()).isEqualTo("import_left_out");
              assertThat(sealer.open(session, IncidentNoted.class, "detail", noted.detail()))
                  .contains("secrets/key.pem", "disallowed by Read(secrets/**)");
            });
  }

  @Test
  void importOfARuleThatAPolicyDeniesIsLeftOut() throws IOException {
    openDenied();
    writeWorkspaceFile(".claude/rules/all.md", "Be brief. @../../secrets/key.pem");
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    assertThat(RecordedModelRequests.requestsOf(session)).doesNotContain(CONTENT);
    assertThat(events(IncidentNoted.class)).hasSize(1);
  }
}
