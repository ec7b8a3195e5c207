package io.agentledger.command.session;

import io.agentledger.api.session.ElicitationEvent.ElicitationRequested;
import io.agentledger.api.session.Input;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.SessionRejection.FormRefused;
import io.agentledger.command.support.Form;
import io.agentledger.store.content.Sealer;
import org.axonframework.eventsourcing.eventstore.EventStore;
import tools.jackson.databind.json.JsonMapper;

/** Forms from the record, where their schemas are sealed. */
final class RecordedForms implements Forms {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final EventStore store;
  private final Sealer sealer;

  RecordedForms(EventStore store, Sealer sealer) {
    this.store = store;
    this.sealer = sealer;
  }

  @Override
  public void check(SessionId session, long sequence, Input.AnswerElicitation answer) {
    var asked =
        (ElicitationRequested) store.readEvents(session.value(), sequence).next().getPayload();
    var words = sealer.open(session, ElicitationRequested.class, "ask", asked.ask());
    var content = answer.content() == null ? null : JSON.readTree(answer.content().text());
    new Form(asked.mode(), JSON.readTree(words))
        .fault(answer.answer(), content)
        .ifPresent(
            fault -> {
              throw new Rejected(
                  new FormRefused(answer.actionId().value(), fault.field(), fault.rule()));
            });
  }
}
