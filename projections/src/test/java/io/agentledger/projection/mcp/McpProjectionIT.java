package io.agentledger.projection.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.UserId;
import io.agentledger.api.mcp.McpConnection;
import io.agentledger.api.mcp.McpEvent;
import io.agentledger.api.mcp.McpEvent.McpServerApproved;
import io.agentledger.api.mcp.McpEvent.McpServerArchived;
import io.agentledger.api.mcp.McpEvent.McpServerChanged;
import io.agentledger.api.mcp.McpEvent.McpServerDisabled;
import io.agentledger.api.mcp.McpEvent.McpServerEnabled;
import io.agentledger.api.mcp.McpEvent.McpServerFailed;
import io.agentledger.api.mcp.McpEvent.McpServerFound;
import io.agentledger.api.mcp.McpEvent.McpServerRegistered;
import io.agentledger.api.mcp.McpEvent.McpServerSuspended;
import io.agentledger.api.mcp.McpFindings;
import io.agentledger.api.mcp.McpServerId;
import io.agentledger.api.mcp.McpStanding;
import io.agentledger.projection.ProjectionHouse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class McpProjectionIT extends ProjectionHouse {
  private static final McpConnection PROGRAM =
      new McpConnection.Stdio("node", List.of("a.js"), Map.of("KEY", "${vault:v/k}"));
  private static final McpConnection HTTP = new McpConnection.Http("https://x/", Map.of());
  private static final McpFindings FOUND =
      new McpFindings(
          "d1",
          "a server 1",
          "Use it.",
          List.of(new McpFindings.Tool("echo", "Echoes.", "t1")),
          List.of(new McpFindings.Resource("x://1", "one")));

  @Autowired private McpServerRows servers;

  private final McpServerId id = McpServerId.next();
  private long number;

  private void happens(McpEvent... events) {
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
  void aServerStandsAsItsEventsSay() {
    happens(new McpServerRegistered(id, UserId.next(), "tools", PROGRAM));
    assertThat(server().standing()).isEqualTo(McpStanding.UNAPPROVED);
    happens(new McpServerFound(id, FOUND), new McpServerApproved(id, "d1"));
    assertThat(server().standing()).isEqualTo(McpStanding.ACTIVE);
    assertThat(server().findings()).isEqualTo(FOUND);
    assertThat(server().connection()).isEqualTo(PROGRAM);
    happens(new McpServerSuspended(id, "d2"));
    assertThat(server().standing()).isEqualTo(McpStanding.SUSPENDED);
    happens(new McpServerApproved(id, "d2"), new McpServerDisabled(id));
    assertThat(server().standing()).isEqualTo(McpStanding.DISABLED);
    happens(new McpServerEnabled(id));
    assertThat(server().standing()).isEqualTo(McpStanding.ACTIVE);
    happens(new McpServerArchived(id));
    assertThat(server().standing()).isEqualTo(McpStanding.ARCHIVED);
    assertThat(servers.findByIdAndTenant(id.value(), "tnt_2222222222")).isEmpty();
  }

  @Test
  void anotherConnectionIsUnknownAndNotAgreedTo() {
    happens(
        new McpServerRegistered(id, UserId.next(), "tools", PROGRAM),
        new McpServerFound(id, FOUND),
        new McpServerApproved(id, "d1"),
        new McpServerChanged(id, "others", HTTP));
    assertThat(server().standing()).isEqualTo(McpStanding.UNAPPROVED);
    assertThat(server().name()).isEqualTo("others");
    assertThat(server().findings()).isNull();
    assertThat(server().approved()).isNull();
    assertThat(server().checkedAt()).isNull();
  }

  @Test
  void aFailureIsShownUntilItIsFoundAgain() {
    happens(
        new McpServerRegistered(id, UserId.next(), "tools", HTTP),
        new McpServerFailed(id, "nobody answers"));
    assertThat(server().failure()).isEqualTo("nobody answers");
    assertThat(server().checkedAt()).isNotNull();
    happens(new McpServerFound(id, FOUND));
    assertThat(server().failure()).isNull();
  }
}
