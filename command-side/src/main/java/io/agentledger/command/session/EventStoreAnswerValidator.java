package io.agentledger.command.session;

import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ActionEvent.QuestionAsked;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.InvalidAnswer;
import io.agentledger.command.support.ElicitationForm;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.support.UntrustedJson;
import java.util.Optional;
import org.axonframework.eventsourcing.eventstore.EventStore;
import tools.jackson.databind.json.JsonMapper;

/** Reads questions and forms from the event store, where they are sealed. */
final class EventStoreAnswerValidator implements AnswerValidator {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final EventStore store;
  private final Sealer sealer;

  EventStoreAnswerValidator(EventStore store, Sealer sealer) {
    this.store = store;
    this.sealer = sealer;
  }

  @Override
  public void check(SessionId session, long sequence, Input.Answer answer) {
    var request = (QuestionAsked) request(session, sequence);
    var text = sealer.open(session, QuestionAsked.class, "questions", request.questions());
    var questions = QuestionForm.parse(JSON.readTree(text));
    require(answer.actionId(), questions.violation(JSON.readTree(answer.answers().text())));
  }

  @Override
  public void check(SessionId session, long sequence, Input.AnswerElicitation answer) {
    var request = (ElicitationRequested) request(session, sequence);
    var text = sealer.open(session, ElicitationRequested.class, "request", request.request());
    var content = answer.content() == null ? null : JSON.readTree(answer.content().text());
    var form = new ElicitationForm(request.mode(), JSON.readTree(text));
    require(answer.actionId(), form.violation(answer.answer(), content));
  }

  private Object request(SessionId session, long sequence) {
    return store.readEvents(session.value(), sequence).next().getPayload();
  }

  private static void require(ActionId action, Optional<ElicitationForm.Fault> violation) {
    violation.ifPresent(
        fault -> {
          throw new RejectionException(
              new InvalidAnswer(action.value(), fault.field(), fault.rule()));
        });
  }
}
