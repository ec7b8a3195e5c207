package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.permission.Effect;
import io.agentledger.api.permission.PolicyCommand.ArchivePolicy;
import io.agentledger.api.permission.PolicyCommand.CreatePolicy;
import io.agentledger.api.permission.PolicyDefinition;
import io.agentledger.api.permission.PolicyId;
import io.agentledger.api.permission.PolicyRule;
import io.agentledger.api.permission.PolicyRule.Use;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOverrides;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import io.agentledger.api.session.event.LifecycleEvent.ActivityChanged;
import io.agentledger.api.session.event.OutputEvent.Outcome;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Modes, and what policies say about paths, decide what the real CLI does with files. */
class ModeRunIT extends RunnerTestSupport {
  private final List<PolicyId> made = new ArrayList<>();

  @AfterEach
  void archive() {
    made.forEach(policy -> send(new ArchivePolicy(policy)));
  }

  private void policy(boolean permitsBypass, PolicyRule... rules) {
    PolicyId id = PolicyId.next();
    made.add(id);
    var definition = new PolicyDefinition(true, permitsBypass, List.of(rules));
    send(new CreatePolicy(id, new PolicyScope.Tenant(), "house", definition, null));
  }

  private static PolicyRule path(String name, Effect effect, Use use, String... paths) {
    return new PolicyRule(
        name, effect, 0, List.of(), List.of(paths), use, List.of(), List.of(), "");
  }

  private void open(PermissionMode mode) {
    open(new RunOverrides(null, mode, null, null, null, null));
  }

  private static String plays(String... calls) {
    var steps = new StringBuilder("```rehearsal\n");
    for (String call : calls) steps.append("- calls: [{").append(call).append("}]\n");
    return steps.append("- say: \"It said: {{last}}\"\n```\n").toString();
  }

  private static String write(String file) {
    return "tool: Write, input: {file_path: %s, content: written}".formatted(file);
  }

  private static String read(String file) {
    return "tool: Read, input: {file_path: %s}".formatted(file);
  }

  private List<Verdict> verdicts() {
    return facts(ToolCalled.class).stream().map(ToolCalled::verdict).toList();
  }

  @Test
  void whereEditsAreAcceptedTheyAreNotAskedAndTheRestIs() throws IOException {
    open(PermissionMode.ACCEPT_EDITS);
    putIntoWorkspace("old.txt", "before");
    ask(
        plays(
            write("new.txt"),
            read("old.txt"),
            "tool: Edit, input: {file_path: old.txt, old_string: before, new_string: after}",
            write("/tmp/elsewhere.txt")));
    PermissionRequested request = awaitFact(PermissionRequested.class);
    assertThat(verdicts())
        .containsExactly(Verdict.ALLOWED, Verdict.ALLOWED, Verdict.ALLOWED, Verdict.ASKED);
    say(new Input.Decide(request.actionId(), Decision.DENY, null, null, "no"));
    awaitFact(RunCompleted.class);
    assertThat(workspaceFile("new.txt")).isEqualTo("written");
    assertThat(workspaceFile("old.txt")).isEqualTo("after");
  }

  @Test
  void bypassIsAskedAboutUntilAPolicyPermitsItAndThenNothingIs() {
    open(PermissionMode.BYPASS_PERMISSIONS);
    ask("scenario: ask-write");
    PermissionRequested request = awaitFact(PermissionRequested.class);
    assertThat(facts(ToolCalled.class).getLast().rule())
        .startsWith("no policy permits mode bypassPermissions");
    say(new Input.Decide(request.actionId(), Decision.DENY, null, null, "no"));
    awaitFact(RunCompleted.class);

    policy(true);
    ask("scenario: ask-write");
    assertThat(result(awaitFacts(RunCompleted.class, 2).getLast())).startsWith("It is written");
    assertThat(facts(PermissionRequested.class)).hasSize(1);
    assertThat(facts(ToolCalled.class).getLast().rule()).isEqualTo("mode bypassPermissions");
  }

  @Test
  void bypassOpensNothingThatAPolicyDenies() {
    policy(true, path("outside", Effect.DENY, Use.WRITE, "/tmp/**"));
    open(PermissionMode.BYPASS_PERMISSIONS);
    ask("scenario: ask-write");
    assertThat(result(awaitFact(RunCompleted.class))).startsWith("I was not allowed to");
    assertThat(verdicts()).containsExactly(Verdict.DENIED);
  }

  @Test
  void whereNobodyIsAskedTheModelHearsANoAtOnce() {
    open(PermissionMode.DONT_ASK);
    ask("scenario: ask-write");
    assertThat(result(awaitFact(RunCompleted.class)))
        .startsWith("I was not allowed to")
        .contains("nobody is asked");
    ask("scenario: ask-bash");
    assertThat(result(awaitFacts(RunCompleted.class, 2).getLast())).startsWith("It is done");
    assertThat(facts(PermissionRequested.class)).isEmpty();
  }

  @Test
  void whereNobodyIsAskedNoQuestionAndNoPlanIsWaitedForWhateverIsAllowed() {
    open(new RunOverrides(null, PermissionMode.DONT_ASK, List.of("*"), null, null, null));
    ask("scenario: question");
    assertThat(result(awaitFact(RunCompleted.class))).contains("I got no answer");
    assertThat(verdicts()).containsExactly(Verdict.DENIED);
    ask(plays("tool: ExitPlanMode, input: {plan: Go.}"));
    awaitFacts(RunCompleted.class, 2);
    ask("scenario: ask-write");
    assertThat(result(awaitFacts(RunCompleted.class, 3).getLast())).startsWith("It is written");
    assertThat(facts(PermissionRequested.class)).isEmpty();
    assertThat(facts(ActivityChanged.class))
        .noneMatch(activityChanged -> activityChanged.activity() == Activity.WAITING);
  }

  /** Of each use of files the one that is allowed and the one that is not, and by way of a link. */
  @Test
  void aPolicyAboutPathsDecidesTheFileToolsThroughLinksToo() throws IOException {
    policy(
        false,
        path("open", Effect.ALLOW, Use.WRITE, "/tmp/open/**"),
        path("shared", Effect.ALLOW, Use.READ, "/etc/hostname"),
        path("kept", Effect.DENY, Use.WRITE, "kept/**"),
        path("secret", Effect.DENY, Use.READ, "secret/**"));
    open();
    putIntoWorkspace("kept/file.txt", "as it was");
    putIntoWorkspace("secret/file.txt", "the secret");
    Path work = runDirectory.session(session.value(), true).workspace();
    Files.createSymbolicLink(work.resolve("way"), Path.of("secret"));
    Files.createSymbolicLink(work.resolve("innocent.txt"), Path.of("kept/file.txt"));
    ask(
        plays(
            write("/tmp/open/note.txt"),
            read("/etc/hostname"),
            read("kept/file.txt"),
            write("kept/file.txt"),
            read("secret/file.txt"),
            read("way/file.txt"),
            read("innocent.txt"),
            write("innocent.txt")));
    awaitFact(RunCompleted.class);
    assertThat(facts(PermissionRequested.class)).isEmpty();
    assertThat(verdicts())
        .containsExactly(
            Verdict.ALLOWED,
            Verdict.ALLOWED,
            Verdict.ALLOWED,
            Verdict.DENIED,
            Verdict.DENIED,
            Verdict.DENIED,
            Verdict.ALLOWED,
            Verdict.DENIED);
    assertThat(facts(ToolReturned.class))
        .extracting(ToolReturned::outcome)
        .startsWith(Outcome.RETURNED, Outcome.RETURNED, Outcome.RETURNED);
    assertThat(facts(ToolCalled.class).getLast().rule()).contains("rule kept");
    assertThat(workspaceFile("kept/file.txt")).isEqualTo("as it was");
  }
}
