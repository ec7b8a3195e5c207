package io.agentledger.command.claude.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.HookTarget;
import io.agentledger.api.hook.HookTarget.Signing;
import io.agentledger.api.hook.SessionHook;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.session.SessionOrigin;
import io.agentledger.api.session.SessionSpec;
import io.agentledger.api.session.WorkspaceSpec;
import io.agentledger.api.session.command.SessionLifecycleCommand.CloseSession;
import io.agentledger.api.session.event.LifecycleEvent.SessionHookExecuted;
import io.agentledger.api.session.event.OutputEvent.HookExecuted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.Verdict;
import io.agentledger.api.session.event.RunEvent.RunCompleted;
import io.agentledger.api.shared.Json;
import io.agentledger.api.workspace.FileHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** Hooks that a member attaches to an own session, with the real CLI. */
class SessionHookIT extends HookTestSupport {
  @Autowired private FileHistory history;

  private void openWith(HookTarget target, HookPoint... points) {
    var attached = new ArrayList<SessionHook>();
    for (var point : points) {
      var definition =
          new HookDefinition(true, point, "", target, HookDefinition.TIMEOUT_DEFAULT, 1000);
      attached.add(new SessionHook(HookId.next(), "mine", definition));
    }
    open(
        new SessionOrigin.Fresh(),
        SessionSpec.NONE.withEnvironmentId(environment).withHooks(attached),
        WorkspaceSpec.empty());
  }

  private static HookTarget ofMember() {
    return new HookTarget.Http(url(), Map.of("X-Of", "member"), List.of(), new Signing.Unsigned());
  }

  @Test
  void hookBindsItsSessionOnly() {
    var schema =
        new Json("{\"properties\": {\"command\": {\"type\": \"string\", \"pattern\": \"^git \"}}}");
    openWith(new HookTarget.Validation(schema), HookPoint.PRE_TOOL_USE);
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    assertThat(events(ToolCalled.class))
        .hasSize(1)
        .allMatch(call -> call.verdict() == Verdict.DENIED)
        .allMatch(call -> call.rule().startsWith("hook mine ("))
        .allMatch(call -> call.rule().contains("the input is invalid: /command"));

    open();
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    assertThat(executed()).isEmpty();
    assertThat(events(ToolCalled.class))
        .singleElement()
        .satisfies(call -> assertThat(call.verdict()).isEqualTo(Verdict.ALLOWED));
  }

  /** Otherwise the member's hook could change an input that the admin's has accepted. */
  @Test
  void hookOfAnAdminDecidesAboutWhatAMembersHookChanged() {
    says =
        input ->
            input.at("/tool_input/command").asString().equals("echo changed")
                ? ""
                : "{\"hookSpecificOutput\": {\"hookEventName\": \"PreToolUse\","
                    + " \"updatedInput\": {\"command\": \"echo changed\"}}}";
    hook(HookPoint.PRE_TOOL_USE, plain());
    openWith(ofMember(), HookPoint.PRE_TOOL_USE, HookPoint.SESSION_END);
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    assertThat(RECEIVED_CALLS).hasSize(2);
    assertThat(RECEIVED_CALLS.getFirst().header("X-Of")).isEqualTo("member");
    assertThat(RECEIVED_CALLS.getLast().json().at("/tool_input/command").asString())
        .isEqualTo("echo changed");

    send(new CloseSession(session));
    assertThat(awaitEvent(SessionHookExecuted.class).point()).isEqualTo(HookPoint.SESSION_END);
    assertThat(RECEIVED_CALLS.getLast().json().path("reason").asString()).isEqualTo("closed");
  }

  @Test
  void redactionOfAnAdminsHookHasTheLastWord() {
    says =
        input ->
            """
            {"hookSpecificOutput": {"hookEventName": "PostToolUse", "updatedToolOutput":
              {"stdout": "%s", "stderr": "", "interrupted": false, "isImage": false}}}"""
                .formatted(
                    input.at("/tool_response/stdout").asString().equals("of a member")
                        ? "redacted"
                        : "of a member");
    hook(HookPoint.POST_TOOL_USE, plain());
    openWith(ofMember(), HookPoint.POST_TOOL_USE);
    submitQuery("scenario: ask-bash");
    assertThat(result(awaitEvent(RunCompleted.class))).isEqualTo("It is done: redacted");
    assertThat(RECEIVED_CALLS).hasSize(2);
    assertThat(RECEIVED_CALLS.getFirst().header("X-Of")).isEqualTo("member");
  }

  private long branchPoint() {
    return history.findBranchPoint(session, null).toCompletableFuture().join().sequence();
  }

  @Test
  void hookThatAnAdminRegisteredForASessionConcernsItsForksAndClones() {
    openWith(ofMember(), HookPoint.SESSION_END); // It concerns this session only.
    var original = session;
    submitQuery("scenario: text");
    awaitEvent(RunCompleted.class);
    for (var point : List.of(HookPoint.PRE_TOOL_USE, HookPoint.SESSION_END))
      hook(
          new PolicyScope.Session(original),
          new HookDefinition(true, point, "", plain(), HookDefinition.TIMEOUT_DEFAULT, 0));
    open();
    var stranger = session;
    send(new CloseSession(stranger));
    session = original;
    open(new SessionOrigin.Forked(original, branchPoint()));
    var fork = session;
    submitQuery("scenario: ask-bash");
    awaitEvent(RunCompleted.class);
    assertThat(executed()).extracting(HookExecuted::point).containsExactly(HookPoint.PRE_TOOL_USE);
    open(new SessionOrigin.Cloned(fork, branchPoint()));
    var clone = session;
    send(new CloseSession(clone));
    awaitEvent(SessionHookExecuted.class);
    assertThat(RECEIVED_CALLS)
        .extracting(call -> call.json().path("session_id").asString())
        .containsExactly(fork.value(), clone.value());
    session = stranger;
    assertThat(events(SessionHookExecuted.class)).isEmpty();
  }
}
