package io.agentledger.projection.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.agent.AgentEvent;
import io.agentledger.api.agent.AgentEvent.AgentArchived;
import io.agentledger.api.agent.AgentEvent.AgentChanged;
import io.agentledger.api.agent.AgentEvent.AgentCreated;
import io.agentledger.api.agent.AgentEvent.AgentRestored;
import io.agentledger.api.agent.AgentId;
import io.agentledger.api.agent.AgentSharing;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.ops.OpsCommand.ReplayProjection;
import io.agentledger.projection.ProjectionTestSupport;
import io.agentledger.projection.agent.AgentRowRepository.AgentViewer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.domain.Limit;

class AgentProjectionIT extends ProjectionTestSupport {
  private static final Instant NEVER = Instant.parse("9999-01-01T00:00:00Z");
  private static final UserId OWNER = UserId.next();
  private static final UserId OTHER = UserId.next();

  @Autowired private AgentRowRepository agents;
  @Autowired private AgentVersionRowRepository versions;
  @Autowired private CommandGateway commands;

  private final AgentId id = AgentId.next();
  private long number;

  private void append(AgentEvent... events) {
    for (var event : events)
      append(
          List.of(
              new GenericDomainEventMessage<>("Agent", event.agentId().value(), number++, event)
                  .withMetaData(provenance())));
    awaitAgents();
  }

  private void awaitAgents() {
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              var state = projections.state("agent");
              return !state.replaying() && state.position() >= head();
            });
  }

  private AgentCreated created(String name) {
    var definition = sealer.seal(id, AgentCreated.class, "definition", "{}");
    return new AgentCreated(id, OWNER, AgentSharing.PRIVATE, List.of(), name, definition);
  }

  private AgentChanged changed(String name) {
    var definition = sealer.seal(id, AgentChanged.class, "definition", "{}");
    return new AgentChanged(id, 2, AgentSharing.TENANT, List.of(), name, definition);
  }

  private static AgentViewer viewer(UserId user, boolean all) {
    return new AgentViewer(ADA.tenant().value(), user.value(), all);
  }

  private boolean isSeenBy(AgentViewer agentViewer) {
    return agents.find(agentViewer, id.value()).isPresent();
  }

  private List<String> list(AgentViewer viewer, boolean archived, @Nullable String name) {
    return agents.page(viewer, archived, name, NEVER, "", Limit.of(100)).stream()
        .map(AgentRow::id)
        .filter(id.value()::equals)
        .toList();
  }

  @Test
  void privateAgentIsVisibleToItsOwnerAndToAuditors() {
    append(created("old"));
    assertThat(isSeenBy(viewer(OWNER, false))).isTrue();
    assertThat(isSeenBy(viewer(OTHER, true))).isTrue();
    assertThat(isSeenBy(viewer(OTHER, false))).isFalse();
    append(changed("new"));
    assertThat(isSeenBy(viewer(OTHER, false))).isTrue();
    assertThat(isSeenBy(new AgentViewer("tnt_2222222222", OWNER.value(), true))).isFalse();
  }

  @Test
  void agentSharedWithListedUsersIsVisibleToThem() {
    append(created("old"));
    var definition = sealer.seal(id, AgentChanged.class, "definition", "{}");
    var users = List.of(OTHER, UserId.next());
    append(new AgentChanged(id, 2, AgentSharing.USERS, users, "new", definition));
    assertThat(isSeenBy(viewer(OTHER, false))).isTrue();
    assertThat(isSeenBy(viewer(users.getLast(), false))).isTrue();
    assertThat(isSeenBy(viewer(UserId.next(), false))).isFalse();
    assertThat(isSeenBy(new AgentViewer("tnt_2222222222", OTHER.value(), false))).isFalse();
    append(new AgentChanged(id, 3, AgentSharing.PRIVATE, List.of(), "new", definition));
    assertThat(isSeenBy(viewer(OTHER, false))).isFalse();
    assertThat(versions.page(id.value(), Long.MAX_VALUE, Limit.of(10)))
        .extracting(AgentVersionRow::sharedWith)
        .containsExactly(List.of(), users, List.of());
  }

  @Test
  void everyVersionIsKeptAfterAReplayToo() {
    var old = "old" + id;
    var current = "new" + id;
    append(created(old), changed(current));
    assertThat(list(viewer(OWNER, false), false, current)).hasSize(1);
    assertThat(list(viewer(OWNER, false), false, old)).isEmpty();
    append(new AgentArchived(id));
    assertThat(list(viewer(OWNER, false), false, null)).isEmpty();
    assertThat(list(viewer(OWNER, false), true, null)).hasSize(1);
    append(new AgentRestored(id, current));
    assertThat(list(viewer(OWNER, false), false, current)).hasSize(1);
    var before = rows();

    commands.sendAndWait(
        GenericCommandMessage.asCommandMessage(new ReplayProjection("agent", null)));
    awaitAgents();

    assertThat(rows()).isEqualTo(before);
    assertThat(versions.page(id.value(), Long.MAX_VALUE, Limit.of(10)))
        .extracting(row -> row.version() + row.name() + row.archived())
        .containsExactly(
            "2" + current + "false",
            "2" + current + "true",
            "2" + current + "false",
            "1" + old + "false");
    assertThat(versions.find(id.value(), 2).orElseThrow().key().sequence()).isEqualTo(1);
    assertThat(versions.find(id.value(), 3)).isEmpty();
  }

  @Override
  protected Map<String, List<String>> rows() {
    var rows = new TreeMap<String, List<String>>();
    for (var table : List.of("agent_row", "agent_version_row"))
      rows.put(
          table, sql.queryForList("select t::text from " + table + " t order by 1", String.class));
    return rows;
  }
}
