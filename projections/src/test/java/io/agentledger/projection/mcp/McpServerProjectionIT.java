package io.agentledger.projection.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpServerEvent;
import io.agentledger.api.mcp.McpServerEvent.McpServerApproved;
import io.agentledger.api.mcp.McpServerEvent.McpServerArchived;
import io.agentledger.api.mcp.McpServerEvent.McpServerChanged;
import io.agentledger.api.mcp.McpServerEvent.McpServerCheckFailed;
import io.agentledger.api.mcp.McpServerEvent.McpServerChecked;
import io.agentledger.api.mcp.McpServerEvent.McpServerDisabled;
import io.agentledger.api.mcp.McpServerEvent.McpServerEnabled;
import io.agentledger.api.mcp.McpServerEvent.McpServerRegistered;
import io.agentledger.api.mcp.McpServerEvent.McpServerSuspended;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpServerSnapshot;
import io.agentledger.api.mcp.McpServerStatus;
import io.agentledger.projection.ProjectionTestSupport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class McpServerProjectionIT extends ProjectionTestSupport {
  private static final McpConnection PROGRAM =
      new McpConnection.Stdio("node", List.of("a.js"), Map.of("KEY", "${vault:v/k}"));
  private static final McpConnection HTTP = new McpConnection.Http("https://x/", Map.of());
  private static final McpServerSnapshot SNAPSHOT =
      new McpServerSnapshot(
          "d1",
          "a server 1",
          "Use it.",
          List.of(new McpServerSnapshot.Tool("echo", "Echoes.", "t1")),
          List.of(new McpServerSnapshot.Resource("x://1", "one")));

  @Autowired private McpServerRowRepository servers;

  private final McpServerId id = McpServerId.next();
  private long number;

  private void append(McpServerEvent... events) {
    for (var event : events)
      append(
          List.of(
              new GenericDomainEventMessage<>("McpServer", id.value(), number++, event)
                  .withMetaData(provenance())));
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> projections.state("mcp").position() >= head());
  }

  private McpServerRow server() {
    return servers.findByIdAndTenant(id.value(), ADA.tenant().value()).orElseThrow();
  }

  @Test
  void rowReflectsTheServersEvents() {
    append(new McpServerRegistered(id, UserId.next(), "tools", PROGRAM));
    assertThat(server().status()).isEqualTo(McpServerStatus.UNAPPROVED);
    append(new McpServerChecked(id, SNAPSHOT), new McpServerApproved(id, "d1"));
    assertThat(server().status()).isEqualTo(McpServerStatus.ACTIVE);
    assertThat(server().snapshot()).isEqualTo(SNAPSHOT);
    assertThat(server().connection()).isEqualTo(PROGRAM);
    append(new McpServerSuspended(id, "d2"));
    assertThat(server().status()).isEqualTo(McpServerStatus.SUSPENDED);
    append(new McpServerApproved(id, "d2"), new McpServerDisabled(id));
    assertThat(server().status()).isEqualTo(McpServerStatus.DISABLED);
    append(new McpServerEnabled(id));
    assertThat(server().status()).isEqualTo(McpServerStatus.ACTIVE);
    append(new McpServerArchived(id));
    assertThat(server().status()).isEqualTo(McpServerStatus.ARCHIVED);
    assertThat(servers.findByIdAndTenant(id.value(), "tnt_2222222222")).isEmpty();
  }

  @Test
  void changedConnectionIsUncheckedAndUnapproved() {
    append(
        new McpServerRegistered(id, UserId.next(), "tools", PROGRAM),
        new McpServerChecked(id, SNAPSHOT),
        new McpServerApproved(id, "d1"),
        new McpServerChanged(id, "others", HTTP));
    assertThat(server().status()).isEqualTo(McpServerStatus.UNAPPROVED);
    assertThat(server().name()).isEqualTo("others");
    assertThat(server().snapshot()).isNull();
    assertThat(server().approvedDigest()).isNull();
    assertThat(server().checkedAt()).isNull();
  }

  @Test
  void failureIsShownUntilTheNextSuccess() {
    append(
        new McpServerRegistered(id, UserId.next(), "tools", HTTP),
        new McpServerCheckFailed(id, "nobody answers"));
    assertThat(server().failure()).isEqualTo("nobody answers");
    assertThat(server().checkedAt()).isNotNull();
    append(new McpServerChecked(id, SNAPSHOT));
    assertThat(server().failure()).isNull();
  }
}
