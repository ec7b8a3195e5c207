package io.agentledger.command.claude.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.Decision;
import io.agentledger.api.session.event.ActionEvent.PermissionDecided;
import io.agentledger.api.session.event.ActionEvent.PermissionRequested;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Input with which a call is allowed, from the events of its pending action. */
class ActionStateTest {
  private static final SessionId SESSION = SessionId.next();
  private static final ActionId ACTION = ActionId.next();
  private static final ToolCallId CALL = ToolCallId.next();
  private static final Content CHANGED = new Content.Inline("key", new byte[] {1});

  private final ActionState actions = new ActionState();

  @BeforeEach
  void request() {
    actions.on(
        new PermissionRequested(
            SESSION,
            RunId.next(),
            ThreadId.next(),
            ACTION,
            CALL,
            "WebSearch",
            "digest",
            new AnswerTimeout.Unlimited(),
            Content.ABSENT,
            Content.ABSENT));
  }

  private void decide(Decision decision, Content input) {
    actions.on(new PermissionDecided(SESSION, ACTION, decision, "digest", input, Content.ABSENT));
  }

  @Test
  void inputThatAUserChangedIsTheAllowedOne() {
    assertThat(actions.changedInput(CALL)).isEmpty();
    decide(Decision.ALLOW, CHANGED);
    assertThat(actions.changedInput(CALL)).contains(CHANGED);
    assertThat(actions.changedInput(ToolCallId.next())).isEmpty();
  }

  @Test
  void decisionWithoutAnotherInputChangesNone() {
    decide(Decision.ALLOW, Content.ABSENT);
    assertThat(actions.changedInput(CALL)).isEmpty();
  }
}
