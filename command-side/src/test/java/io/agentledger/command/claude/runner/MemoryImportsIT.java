package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.event.OutputEvent.IncidentNoted;
import io.agentledger.api.session.event.RunEvent.Failure;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.session.event.RunEvent.RunFailed;
import io.agentledger.command.model.RecordedModelRequests;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.Import;

/** Imports in the memory files of a workspace are limited to files that its agent may read. */
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
  void preparedFilesThatAPolicyDeniesAreLeftOutAndRecorded() throws IOException {
    var rules = List.of("Read(CLAUDE.md)", "Read(.claude/skills/**)", "Read(.claude/commands/**)");
    open(
        new RunOverrides(null, PermissionMode.DEFAULT, null, rules, null, null),
        PREPARED,
        new SessionOrigin.Fresh());
    writeWorkspaceFile("CLAUDE.md", CONTENT);
    writeWorkspaceFile(
        ".claude/skills/greet/SKILL.md", "---\nname: greet\ndescription: " + CONTENT + "\n---\n");
    writeWorkspaceFile(".claude/commands/say.md", CONTENT);
    writeWorkspaceFile(".claude/rules/all.md", "Be brief.");
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    assertThat(RecordedModelRequests.requestsOf(session))
        .contains("Be brief.")
        .doesNotContain(CONTENT);
    assertThat(leftOut())
        .containsExactly(
            ".claude/commands/say.md is not given to the agent: disallowed by Read(.claude/commands/**)",
            ".claude/skills/greet/SKILL.md is not given to the agent: disallowed by Read(.claude/skills/**)",
            "CLAUDE.md is not given to the agent: disallowed by Read(CLAUDE.md)");
    submitCommand("say", "");
    assertThat(error(awaitEvent(RunFailed.class)))
        .contains("say.md", "disallowed by Read(.claude/commands/**)");
  }

  @Test
  void importFromOutsideTheWorkspaceAndACommandOfAReservedNameAreLeftOutAndRecorded()
      throws IOException {
    open(RunOverrides.NONE, PREPARED, new SessionOrigin.Fresh());
    writeWorkspaceFile(
        "CLAUDE.md", "Be brief. @../other.md @~/mine.md @/etc/passwd me@../x @none.md");
    writeWorkspaceFile(".claude/commands/compact.md", CONTENT);
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    assertThat(leftOut())
        .containsExactly(
            "../other.md is not given to the agent: it lies outside of the workspace",
            ".claude/commands/compact.md is not given to the agent: Claude Code has a built-in command with this name; rename it",
            "/etc/passwd is not given to the agent: it lies outside of the workspace",
            "~/mine.md is not given to the agent: it lies outside of the workspace");
    submitCommand("compact", "");
    awaitEvents(RunCompleted.class, 2);
    assertThat(RecordedModelRequests.requestsOf(session))
        .contains("Be brief.")
        .doesNotContain(CONTENT, "root:x:");
  }

  @Test
  void commandWhoseFrontMatterAsksForMoreThanTheRunHasIsRefused() throws IOException {
    open(RunOverrides.NONE, PREPARED, new SessionOrigin.Fresh());
    writeWorkspaceFile(".claude/commands/big.md", "---\nmodel: opus\n---\nscenario: text");
    submitCommand("big", "");
    assertThat(error(awaitEvent(RunFailed.class)))
        .contains("the model opus", "set \"model\": \"opus\" in the options of the input");
    writeWorkspaceFile(
        ".claude/commands/web.md", "---\nallowed-tools: Read, WebFetch\n---\nscenario: text");
    submitCommand("web", "");
    assertThat(error(awaitEvents(RunFailed.class, 2).getLast()))
        .contains(
            "requests WebFetch allowed", "add it to allowed_tools in the options of the input");
    writeWorkspaceFile(
        ".claude/commands/web.md", "---\nallowed-tools: Read, Bash(ls:*)\n---\nscenario: text");
    submitCommand("web", "");
    awaitEvent(RunCompleted.class);
  }

  private List<String> leftOut() {
    assertThat(events(IncidentNoted.class))
        .extracting(IncidentNoted::incident)
        .containsOnly("import_left_out");
    return events(IncidentNoted.class).stream()
        .map(noted -> sealer.open(session, IncidentNoted.class, "detail", noted.detail()))
        .toList();
  }

  private String error(RunFailed failed) {
    assertThat(failed.failure()).isEqualTo(Failure.SETUP);
    return sealer.open(session, RunFailed.class, "error", failed.error());
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
