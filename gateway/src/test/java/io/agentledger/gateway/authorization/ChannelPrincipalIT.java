package io.agentledger.gateway.authorization;

import static io.agentledger.gateway.WebhookFixture.assertStatus;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Role;
import io.agentledger.gateway.ApiTestServer;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Rights of the user as whom the agent of a channel acts. */
class ChannelPrincipalIT {
  private static final String CHANNELS = "/api/v1/channels";

  /** Only admins may define servers. */
  private static final String SERVER =
      "{\"options\": {\"mcp_servers\": {\"db\": {\"type\": \"http\","
          + " \"url\": \"https://mcp.example.com/mcp\"}}}}";

  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final AuthorizationFixture fixture = new AuthorizationFixture(server);

  private static String channel(String session) {
    return """
        {"name": "%s", "platform": "widget", "agent": {"session": %s},
         "settings": {"allowed_origins": "https://shop.example"}}"""
        .formatted(UUID.randomUUID(), session);
  }

  private static JsonNode send(String bearer, String method, String path, String body, int status) {
    var request =
        server
            .requestAs(bearer, path)
            .header("Content-Type", "application/json")
            .header("If-Match", "\"1\"")
            .method(method, BodyPublishers.ofString(body));
    return assertStatus(server.send(request), status);
  }

  @Test
  void changeByAnAdminIsCheckedWithTheRightsThatTheOwnerHasToo() {
    var admin = fixture.owner.bearer();
    var member = fixture.join(fixture.operator.tenant(), Role.MEMBER).bearer();
    send(member, "POST", CHANNELS, channel(SERVER), 403);
    var ofMember = send(member, "POST", CHANNELS, channel("{}"), 201).path("id").asString();
    var refused = send(admin, "PUT", CHANNELS + "/" + ofMember, channel(SERVER), 403);
    assertThat(refused.path("detail").asString())
        .startsWith("MCP servers may be defined in a request by the role admin")
        .contains("your role is member");
    var ofAdmin = send(admin, "POST", CHANNELS, channel("{}"), 201).path("id").asString();
    send(admin, "PUT", CHANNELS + "/" + ofAdmin, channel(SERVER), 200);
    send(admin, "PUT", CHANNELS + "/" + ofMember, channel("{}"), 200);
  }
}
