package io.agentledger.query.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.ActionEvent.ActionExpired;
import io.agentledger.api.session.event.ActionEvent.AnswerTimeout;
import io.agentledger.api.session.event.ActionEvent.Expiry;
import io.agentledger.api.session.event.ElicitationEvent.Answer;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationAnswered;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationCompleted;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationEnded;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRevised;
import io.agentledger.api.session.event.ElicitationEvent.End;
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

/** What servers ask users, as whoever joins in the middle reads it. */
class ElicitationItemMapperTest {
  private final List<DomainEventMessage<?>> past = new ArrayList<>();
  private final SessionEventFixture story = new SessionEventFixture(this::keep, new Readable());
  private final RunId run = RunId.next();
  private final ActionId action = ActionId.next();
  private final ToolCallId call = ToolCallId.next();

  private void keep(long number, SessionEvent event) {
    past.add(
        new GenericDomainEventMessage<>("Session", event.sessionId().value(), number, event)
            .withMetaData(Map.of(Provenance.ACTOR, "person:ada")));
  }

  private StreamItem told(SessionEvent event) {
    story.tell(event);
    var contentReader =
        new ContentReader(new Readable(), new EventAliases(List.of(SessionEvent.class)));
    return new StreamItemMapper(contentReader, new EventLookback(past::iterator))
        .toBody(past.getLast());
  }

  private StreamItem.Elicitation tell(SessionEvent event) {
    return (StreamItem.Elicitation) told(event).body();
  }

  @BeforeEach
  void aServerAsks() {
    var ask = story.seal(ElicitationRequested.class, "ask", "{\"message\":\"Who?\"}");
    var patience = new AnswerTimeout.Limited(Duration.ofMinutes(1));
    var item =
        told(
            new ElicitationRequested(
                story.id, run, story.thread, action, call, "shop", Mode.FORM, patience, ask));
    assertThat(item.type()).isEqualTo("elicitation");
    assertThat(item.runId()).isEqualTo(run);
    var asked = (StreamItem.Elicitation) item.body();
    assertThat(asked.phase()).isEqualTo("asked");
    assertThat(asked.ask().text()).isEqualTo("{\"message\":\"Who?\"}");
    assertThat(asked.until()).isEqualTo(item.at().plusSeconds(60));
    assertThat(asked.toolCallId()).isEqualTo(call);
  }

  @Test
  void whoAnsweredIsSaidAndOfWhatServer() {
    var content = story.seal(ElicitationAnswered.class, "content", "{\"who\":\"Ada\"}");
    var item = told(new ElicitationAnswered(story.id, action, Answer.ACCEPT, false, content));
    assertThat(item.runId()).isEqualTo(run);
    var said = (StreamItem.Elicitation) item.body();
    assertThat(said.server()).isEqualTo("shop");
    assertThat(said.action()).isEqualTo(Answer.ACCEPT);
    assertThat(said.content().text()).isEqualTo("{\"who\":\"Ada\"}");
    assertThat(said.by()).isEqualTo("person:ada");
  }

  @Test
  void aHookIsNobodyElse() {
    assertThat(
            tell(new ElicitationAnswered(story.id, action, Answer.CANCEL, true, Content.ABSENT))
                .by())
        .isEqualTo("hook");
    var revised = tell(new ElicitationRevised(story.id, action, Answer.DECLINE, Content.ABSENT));
    assertThat(revised.phase()).isEqualTo("revised");
    assertThat(revised.action()).isEqualTo(Answer.DECLINE);
    assertThat(revised.by()).isEqualTo("hook");
  }

  @Test
  void whyItEndedIsSaid() {
    var ended = tell(new ElicitationEnded(story.id, action, End.CONNECTION_LOST));
    assertThat(ended.phase()).isEqualTo("ended");
    assertThat(ended.reason()).isEqualTo("connection_lost");
    var expired = tell(new ActionExpired(story.id, action, Expiry.DEADLINE));
    assertThat(expired.phase()).isEqualTo("expired");
    assertThat(expired.reason()).isEqualTo("deadline");
    assertThat(tell(new ElicitationCompleted(story.id, action)).phase()).isEqualTo("completed");
  }
}
