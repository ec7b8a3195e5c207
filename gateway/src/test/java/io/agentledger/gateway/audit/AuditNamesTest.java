package io.agentledger.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditNamesTest {
  @Test
  void resourceTypesAreThoseOfTheAggregatesAndRoutes() throws IOException {
    var locked = new ArrayList<>(List.of("route"));
    var aggregate = Pattern.compile("aggregate \\w+, audited as (\\w+)");
    for (var line : Files.readAllLines(Path.of("names.lock"))) {
      var name = aggregate.matcher(line);
      if (name.matches()) locked.add(name.group(1));
    }
    assertThat(AuditNames.RESOURCE_TYPES).containsExactlyInAnyOrderElementsOf(locked).isSorted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"HookCreated", "SessionOpened", "LoginStarted", "DenialsCounted"})
  void eventsAreActions(String action) {
    assertThat(AuditNames.requireAction(action)).isEqualTo(action);
  }

  @Test
  void unknownActionIsRejectedWithASimilarOne() {
    assertThatThrownBy(() -> AuditNames.requireAction("HookCreate"))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e ->
                assertThat(e.errors().getFirst().detail())
                    .contains("docs/events.md")
                    .endsWith("did you mean HookCreated?"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "user:usr_7k2m9pq4xw",
        "usr_7k2m9pq4xw",
        "agent:agt_7k2m9pq4xw",
        "agt_7k2m9pq4xw",
        "trigger:trg_7k2m9pq4xw",
        "service:agentledger",
        "agentledger"
      })
  void idsOfActorsAreAccepted(String actor) {
    assertThat(AuditNames.requireActor(actor)).isEqualTo(actor);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        "usr_",
        "usr_1",
        "user:",
        "user:agt_7k2m9pq4xw",
        "key_7k2m9pq4xw",
        "robot:usr_7k2m9pq4xw",
        "USER:usr_7k2m9pq4xw"
      })
  void otherActorsAreRejected(String actor) {
    assertThatThrownBy(() -> AuditNames.requireActor(actor))
        .isInstanceOf(InvalidRequestException.class);
  }
}
