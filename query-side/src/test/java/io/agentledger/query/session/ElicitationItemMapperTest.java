package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.ExpiryReason;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationCompleted;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRevised;
import io.agentledger.api.session.event.ElicitationEvent.EndReason;
import io.agentledger.api.session.event.ElicitationEvent.Mode;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.projection.SessionEventFixture;
import io.agentledger.query.support.ContentReader;
import io.agentledger.store.event.EventAliases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Stream items of MCP servers' requests to users, for a stream that starts in the middle. */
class ElicitationItemMapperTest {
  private final List<DomainEventMessage<?>> past = new ArrayList<>();
  private final SessionEventFixture fixture =
      new SessionEventFixture(this::record, new PlaintextSealer());
  private final RunId run = RunId.next();
  private final ActionId action = ActionId.next();
  private final ToolCallId call = ToolCallId.next();

  private void record(long number, SessionEvent event) {
    past.add(
        new GenericDomainEventMessage<>("Session", event.sessionId().value(), number, event)
            .withMetaData(Map.of(Provenance.ACTOR, "user:ada")));
  }

  private StreamItem map(SessionEvent event) {
    fixture.append(event);
    var contentReader =
        new ContentReader(new PlaintextSealer(), new EventAliases(List.of(SessionEvent.class)));
    return new StreamItemMapper(contentReader, EventLookbackTest.lookback(past, past.size()))
        .toItem(past.getLast());
  }

  private StreamItem.Elicitation mapLast(SessionEvent event) {
    return (StreamItem.Elicitation) map(event).body();
  }

  @BeforeEach
  void givenElicitation() {
    var ask = fixture.seal(ElicitationRequested.class, "request", "{\"message\":\"Who?\"}");
    var timeout = new AnswerTimeout.Limited(Duration.ofMinutes(1));
    var item =
        map(
            new ElicitationRequested(
                fixture.id, run, fixture.thread, action, call, "shop", Mode.FORM, timeout, ask));
    assertThat(item.type()).isEqualTo("elicitation");
    assertThat(item.runId()).isEqualTo(run);
    var request = (StreamItem.Elicitation) item.body();
    assertThat(request.phase()).isEqualTo("asked");
    assertThat(request.request().text()).isEqualTo("{\"message\":\"Who?\"}");
    assertThat(request.expiresAt()).isEqualTo(item.at().plusSeconds(60));
    assertThat(request.toolCallId()).isEqualTo(call);
  }

  @Test
  void itemNamesTheAnswererAndTheServer() {
    var content = fixture.seal(ElicitationAnswered.class, "content", "{\"who\":\"Ada\"}");
    var item = map(new ElicitationAnswered(fixture.id, action, Answer.ACCEPT, false, content));
    assertThat(item.runId()).isEqualTo(run);
    var output = (StreamItem.Elicitation) item.body();
    assertThat(output.server()).isEqualTo("shop");
    assertThat(output.action()).isEqualTo(Answer.ACCEPT);
    assertThat(output.content().text()).isEqualTo("{\"who\":\"Ada\"}");
    assertThat(output.actor()).isEqualTo("user:ada");
  }

  @Test
  void hookAnswerNamesNoUser() {
    assertThat(
            mapLast(
                    new ElicitationAnswered(
                        fixture.id, action, Answer.CANCEL, true, Content.ABSENT))
                .actor())
        .isEqualTo("hook");
    var revised =
        mapLast(new ElicitationRevised(fixture.id, action, Answer.DECLINE, Content.ABSENT));
    assertThat(revised.phase()).isEqualTo("revised");
    assertThat(revised.action()).isEqualTo(Answer.DECLINE);
    assertThat(revised.actor()).isEqualTo("hook");
  }

  @Test
  void itemHasTheEndReason() {
    var ended = mapLast(new ElicitationEnded(fixture.id, action, EndReason.CONNECTION_LOST));
    assertThat(ended.phase()).isEqualTo("ended");
    assertThat(ended.reason()).isEqualTo("connection_lost");
    var expired = mapLast(new ActionExpired(fixture.id, action, ExpiryReason.DEADLINE));
    assertThat(expired.phase()).isEqualTo("expired");
    assertThat(expired.reason()).isEqualTo("deadline");
    assertThat(mapLast(new ElicitationCompleted(fixture.id, action)).phase())
        .isEqualTo("completed");
  }
}
