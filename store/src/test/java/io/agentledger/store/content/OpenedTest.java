package io.agentledger.store.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.content.Content;
import io.agentledger.api.session.ActionEvent.Decision;
import io.agentledger.api.session.ActionEvent.PermissionDecided;
import io.agentledger.api.session.ActionId;
import io.agentledger.api.session.SessionEvent;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.shared.Json;
import io.agentledger.store.event.Samples;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTest {
  private final Sealer sealer = new PlainSealer();
  private final Opened opened = new Opened(sealer);

  @Test
  void contentIsOpenedAndNamesAreThoseOutside() {
    var id = SessionId.next();
    var action = ActionId.next();
    var event =
        new PermissionDecided(
            id,
            action,
            Decision.ALLOW,
            "digest",
            sealer.seal(id, PermissionDecided.class, "updatedInput", "{\"a\":1}"),
            sealer.seal(id, PermissionDecided.class, "reason", "because"));
    var fields = opened.fields(event);
    assertThat(List.copyOf(fields.keySet()))
        .containsExactly(
            "session_id", "action_id", "decision", "input_digest", "updated_input", "reason");
    assertThat(fields)
        .containsEntry("session_id", id.value())
        .containsEntry("action_id", action.value())
        .containsEntry("decision", Decision.ALLOW)
        .containsEntry("updated_input", new Json("{\"a\":1}"))
        .containsEntry("reason", "because");
  }

  @Test
  void absenceIsNullAndWhatDoesNotOpenIsSaidToBeUnavailable() {
    var id = SessionId.next();
    var event =
        new PermissionDecided(
            id,
            ActionId.next(),
            Decision.DENY,
            "digest",
            Content.ABSENT,
            sealer.seal(SessionId.next(), PermissionDecided.class, "reason", "elsewhere"));
    assertThat(opened.fields(event))
        .containsEntry("updated_input", null)
        .containsEntry("reason", Opened.UNAVAILABLE);
  }

  @Test
  void everyFieldThatIsSaidToHoldJsonIsOneOfContent() {
    var contents =
        Samples.events().stream()
            .flatMap(
                event ->
                    Arrays.stream(event.getRecordComponents())
                        .filter(field -> field.getType() == Content.class)
                        .map(field -> event.getSimpleName() + "." + field.getName()))
            .toList();
    assertThat(contents).containsAll(Opened.JSON);
  }

  @Test
  void everyEventCanBeShown() {
    for (Class<? extends SessionEvent> type : Samples.events())
      assertThat(opened.fields(Samples.of(type).getFirst()))
          .hasSize(type.getRecordComponents().length);
  }
}
