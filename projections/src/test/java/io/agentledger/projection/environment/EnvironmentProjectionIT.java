package io.agentledger.projection.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.content.Content;
import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentEvent;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.DefaultEnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentArchived;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentChanged;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentCreated;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentDeleted;
import io.agentledger.api.environment.EnvironmentEvent.EnvironmentRestored;
import io.agentledger.api.environment.EnvironmentId;
import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.projection.ProjectionTestSupport;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class EnvironmentProjectionIT extends ProjectionTestSupport {
  @Autowired private EnvironmentRowRepository environments;
  @Autowired private CommandGateway commands;

  private final Map<EnvironmentId, Long> numbers = new HashMap<>();

  private void append(EnvironmentEvent... events) {
    for (var event : events)
      append(
          List.of(
              new GenericDomainEventMessage<>(
                      "Environment",
                      event.environmentId().value(),
                      numbers.merge(event.environmentId(), 0L, (was, first) -> was + 1),
                      event)
                  .withMetaData(provenance())));
    awaitEnvironments();
  }

  private void awaitEnvironments() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              var state = projections.state("environment");
              return !state.replaying() && state.position() >= head();
            });
  }

  private EnvironmentCreated created(EnvironmentId id, String name) {
    var notes = sealer.seal(id, EnvironmentCreated.class, "notes", "{}");
    return new EnvironmentCreated(id, name, EnvironmentDefinition.DEFAULT, notes);
  }

  @Test
  void replayYieldsTheSameRows() {
    var first = EnvironmentId.next();
    var environmentId = EnvironmentId.next();
    var gone = EnvironmentId.next();
    append(
        new DefaultEnvironmentCreated(first, "local", EnvironmentDefinition.DEFAULT),
        created(environmentId, "one"),
        created(gone, "gone"),
        new DefaultEnvironmentChanged(environmentId, 1),
        new EnvironmentChanged(
            environmentId, 2, "two", EnvironmentDefinition.DEFAULT, Content.ABSENT),
        new EnvironmentArchived(first),
        new EnvironmentRestored(first),
        new EnvironmentDeleted(gone));
    var tenant = ADA.tenant().value();
    assertThat(environments.findByIdAndTenant(environmentId.value(), tenant).orElseThrow().name())
        .isEqualTo("two");
    assertThat(environments.findByIdAndTenant(gone.value(), tenant)).isEmpty();
    assertThat(environments.findDefault(tenant)).contains(environmentId.value());
    var before = rows();
    assertThat(before.values()).noneMatch(List::isEmpty);

    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new ReplayProjection("environment", null)));
    awaitEnvironments();
    assertThat(rows()).isEqualTo(before);
  }

  @Override
  protected Map<String, List<String>> rows() {
    var rows = new TreeMap<String, List<String>>();
    Stream.of("environment_row", "environment_version_row", "environment_default_row")
        .forEach(
            table ->
                rows.put(
                    table,
                    sql.queryForList(
                        "select t::text from " + table + " t order by 1", String.class)));
    return rows;
  }
}
