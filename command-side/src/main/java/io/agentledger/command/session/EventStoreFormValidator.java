package io.agentledger.command.session;

import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.command.Input;
import io.agentledger.api.session.event.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.api.shared.SessionRejection.InvalidAnswer;
import io.agentledger.command.support.ElicitationForm;
import io.agentledger.store.crypto.Sealer;
import org.axonframework.eventsourcing.eventstore.EventStore;
import tools.jackson.databind.json.JsonMapper;

/** Reads the forms from the event store, where their schemas are sealed. */
final class EventStoreFormValidator implements ElicitationFormValidator {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final EventStore store;
  private final Sealer sealer;

  EventStoreFormValidator(EventStore store, Sealer sealer) {
    this.store = store;
    this.sealer = sealer;
  }

  @Override
  public void check(SessionId session, long sequence, Input.AnswerElicitation answer) {
    var request =
        (ElicitationRequested) store.readEvents(session.value(), sequence).next().getPayload();
    var text = sealer.open(session, ElicitationRequested.class, "request", request.request());
    var content = answer.content() == null ? null : JSON.readTree(answer.content().text());
    new ElicitationForm(request.mode(), JSON.readTree(text))
        .violation(answer.answer(), content)
        .ifPresent(
            fault -> {
              throw new RejectionException(
                  new InvalidAnswer(answer.actionId().value(), fault.field(), fault.rule()));
            });
  }
}
