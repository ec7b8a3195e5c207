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
import io.agentledger.api.session.event.OutputEvent.CallStatus;
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

/** Modes and path rules of policies decide about file access of the real CLI. */
class ModeRunIT extends RunnerTestSupport {
  private final List<PolicyId> policies = new ArrayList<>();

  @AfterEach
  void archive() {
    policies.forEach(policy -> send(new ArchivePolicy(policy)));
  }

  private void policy(boolean permitsBypass, PolicyRule... rules) {
    PolicyId id = PolicyId.next();
    policies.add(id);
    var definition = new PolicyDefinition(true, permitsBypass, List.of(rules));
    send(new CreatePolicy(id, new PolicyScope.Tenant(), "base", definition, null));
  }

  private static PolicyRule path(String name, Effect effect, Use use, String... paths) {
    return new PolicyRule(
        name, effect, 0, List.of(), List.of(paths), use, List.of(), List.of(), "");
  }

  private void open(PermissionMode mode) {
    open(new RunOverrides(null, mode, null, null, null, null));
  }

  private static String openAndRun(String... calls) {
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
    return events(ToolCalled.class).stream().map(ToolCalled::verdict).toList();
  }

  @Test
  void acceptEditsAllowsEditsAndAsksForTheRest() throws IOException {
    open(PermissionMode.ACCEPT_EDITS);
    writeWorkspaceFile("old.txt", "before");
    submitQuery(
        openAndRun(
            write("new.txt"),
            read("old.txt"),
            "tool: Edit, input: {file_path: old.txt, old_string: before, new_string: after}",
            write("/tmp/elsewhere.txt")));
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    assertThat(verdicts())
        .containsExactly(Verdict.ALLOWED, Verdict.ALLOWED, Verdict.ALLOWED, Verdict.ASKED);
    submitInput(new Input.Decide(request.actionId(), Decision.DENY, null, null, "no"));
    awaitEvent(RunCompleted.class);
    assertThat(workspaceFile("new.txt")).isEqualTo("written");
    assertThat(workspaceFile("old.txt")).isEqualTo("after");
  }

  @Test
  void bypassAsksUntilAPolicyPermitsIt() {
    open(PermissionMode.BYPASS_PERMISSIONS);
    submitQuery("scenario: ask-write");
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    assertThat(events(ToolCalled.class).getLast().rule())
        .startsWith("no policy permits mode bypassPermissions");
    submitInput(new Input.Decide(request.actionId(), Decision.DENY, null, null, "no"));
    awaitEvent(RunCompleted.class);

    policy(true);
    submitQuery("scenario: ask-write");
    assertThat(result(awaitEvents(RunCompleted.class, 2).getLast())).startsWith("It is written");
    assertThat(events(PermissionRequested.class)).hasSize(1);
    assertThat(events(ToolCalled.class).getLast().rule()).isEqualTo("mode bypassPermissions");
  }

  @Test
  void bypassDoesNotOverrideAPolicyDenial() {
    policy(true, path("outside", Effect.DENY, Use.WRITE, "/tmp/**"));
    open(PermissionMode.BYPASS_PERMISSIONS);
    submitQuery("scenario: ask-write");
    assertThat(result(awaitEvent(RunCompleted.class))).startsWith("I was not allowed to");
    assertThat(verdicts()).containsExactly(Verdict.DENIED);
  }

  @Test
  void unattendedModeDeniesImmediately() {
    open(PermissionMode.DONT_ASK);
    submitQuery("scenario: ask-write");
    assertThat(result(awaitEvent(RunCompleted.class)))
        .startsWith("I was not allowed to")
        .contains("denied: nobody to ask");
    submitQuery("scenario: ask-bash");
    assertThat(result(awaitEvents(RunCompleted.class, 2).getLast())).startsWith("It is done");
    assertThat(events(PermissionRequested.class)).isEmpty();
  }

  @Test
  void unattendedModeDeniesQuestionsAndPlansEvenIfAllowed() {
    open(new RunOverrides(null, PermissionMode.DONT_ASK, List.of("*"), null, null, null));
    submitQuery("scenario: question");
    assertThat(result(awaitEvent(RunCompleted.class))).contains("I got no answer");
    assertThat(verdicts()).containsExactly(Verdict.DENIED);
    submitQuery(openAndRun("tool: ExitPlanMode, input: {plan: Go.}"));
    awaitEvents(RunCompleted.class, 2);
    submitQuery("scenario: ask-write");
    assertThat(result(awaitEvents(RunCompleted.class, 3).getLast())).startsWith("It is written");
    assertThat(events(PermissionRequested.class)).isEmpty();
    assertThat(events(ActivityChanged.class))
        .noneMatch(activityChanged -> activityChanged.activity() == Activity.WAITING);
  }

  /** Tests for each kind of access an allowed and a denied one, also through a link. */
  @Test
  void pathPolicyDecidesFileToolsThroughLinks() throws IOException {
    policy(
        false,
        path("open", Effect.ALLOW, Use.WRITE, "/tmp/open/**"),
        path("shared", Effect.ALLOW, Use.READ, "/etc/hostname"),
        path("kept", Effect.DENY, Use.WRITE, "kept/**"),
        path("secret", Effect.DENY, Use.READ, "secret/**"));
    open();
    writeWorkspaceFile("kept/file.txt", "as it was");
    writeWorkspaceFile("secret/file.txt", "the secret");
    Path work = runDirectory.sessionPaths(session.value(), true).workspace();
    Files.createSymbolicLink(work.resolve("way"), Path.of("secret"));
    Files.createSymbolicLink(work.resolve("innocent.txt"), Path.of("kept/file.txt"));
    submitQuery(
        openAndRun(
            write("/tmp/open/note.txt"),
            read("/etc/hostname"),
            read("kept/file.txt"),
            write("kept/file.txt"),
            read("secret/file.txt"),
            read("way/file.txt"),
            read("innocent.txt"),
            write("innocent.txt")));
    awaitEvent(RunCompleted.class);
    assertThat(events(PermissionRequested.class)).isEmpty();
    assertThat(verdicts())
        .containsExactly(
            Verdict.ALLOWED,
            Verdict.ALLOWED,
            Verdict.ALLOWED,
            Verdict.DENIED,
            Verdict.DENIED,
            Verdict.DENIED,
            Verdict.ALLOWED,
            Verdict
                // The CLI examines the file before it requests permission, and follows no link.
                .REFUSED);
    assertThat(events(ToolReturned.class))
        .extracting(ToolReturned::status)
        .startsWith(CallStatus.RETURNED, CallStatus.RETURNED, CallStatus.RETURNED);
    assertThat(events(ToolCalled.class).get(3).rule()).contains("rule kept");
    assertThat(workspaceFile("kept/file.txt")).isEqualTo("as it was");
  }

  @Test
  void permissionRequestNamesTheTargetOfALink() throws IOException {
    open();
    writeWorkspaceFile("plan.txt", "Nothing yet.");
    Path workspace = runDirectory.sessionPaths(session.value(), true).workspace();
    Files.createSymbolicLink(workspace.resolve("hosts"), Path.of("/etc/hosts"));
    submitQuery(
        """
        ```rehearsal
        - calls:
            - {tool: Read, input: {file_path: /workspace/hosts}}
        - say: done
        ```
        """);
    PermissionRequested request = awaitEvent(PermissionRequested.class);
    assertThat(sealer.open(session, PermissionRequested.class, "reason", request.reason()))
        .startsWith("This is a link to /etc/hosts. ");
    submitInput(new Input.Decide(request.actionId(), Decision.DENY, null, null, null));
    awaitEvent(RunCompleted.class);
  }
}
