package io.agentledger.gateway.authorization;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Role;
import io.agentledger.gateway.ApiTestServer;
import io.agentledger.gateway.authorization.AuthorizationFixture.TestUser;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Visibility and end of an MCP server that the request for a session defined. */
class SessionServersIT {
  private static final ApiTestServer server = ApiTestServer.sharedService();
  private static final String SESSIONS = "/api/v1/sessions";
  private static TestUser admin;
  private static TestUser member;
  private static TestUser auditor;
  private String session;
  private String sessionServer;

  @BeforeAll
  static void join() {
    var fixture = new AuthorizationFixture(server);
    var tenant = fixture.createTenant();
    admin = fixture.join(tenant, Role.ADMIN);
    member = fixture.join(tenant, Role.MEMBER);
    auditor = fixture.join(tenant, Role.AUDITOR);
  }

  @BeforeEach
  void open() {
    var opened =
        send(
            admin,
            "POST",
            SESSIONS,
            "{\"options\": {\"mcp_servers\": {\"own\": {\"type\": \"stdio\", \"command\":"
                + " \"node\"}}}}");
    assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
    var view = ApiTestServer.json(opened);
    session = SESSIONS + "/" + view.path("id").asString();
    sessionServer = "/api/v1/mcp-servers/" + view.at("/agent_config/mcp_servers/0/id").asString();
  }

  private static HttpResponse<String> send(TestUser user, String method, String path, String body) {
    return server.send(
        server
            .requestAs(user.bearer(), path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body)));
  }

  private static String codeOf(HttpResponse<String> response) {
    return response.statusCode() + " " + ApiTestServer.json(response).path("code").asString();
  }

  private static String queryNaming(String mcpServer) {
    return "{\"prompt\": \"hi\", \"options\": {\"disallowed_tools\": [\"mcp__"
        + mcpServer
        + "\"]}}";
  }

  private void share() {
    var shared = send(admin, "PUT", session + "/shares/" + member.user(), "{\"access\": \"read\"}");
    assertThat(shared.statusCode()).as(shared.body()).isEqualTo(204);
  }

  @Test
  void callerWithoutTheSessionCannotTestTheNamesOfItsServers() {
    for (var name : new String[] {"own", "nope"}) {
      assertThat(codeOf(send(member, "POST", session + "/query", queryNaming(name))))
          .isEqualTo("404 session_not_found");
      assertThat(
              codeOf(send(member, "POST", SESSIONS + "/ses_2222222222/query", queryNaming(name))))
          .isEqualTo("404 session_not_found");
    }
    assertThat(send(admin, "POST", session + "/query", queryNaming("nope")).statusCode())
        .isEqualTo(400);
  }

  @Test
  void serverIsShownToCallersWhoSeeItsSession() {
    assertThat(codeOf(send(member, "GET", sessionServer, "")))
        .isEqualTo("404 mcp_server_not_found");
    assertThat(send(auditor, "GET", sessionServer, "").statusCode()).isEqualTo(200);
    share();
    assertThat(send(member, "GET", sessionServer, "").statusCode()).isEqualTo(200);
  }

  @Test
  void serverEndsWhenItsSessionGetsAnotherOwner() {
    var toItsOwner = "{\"user_id\": \"" + admin.user() + "\"}";
    assertThat(send(admin, "PUT", session + "/owner", toItsOwner).statusCode()).isEqualTo(200);
    assertThat(statusOfServer()).isEqualTo("active");

    var toTheMember = "{\"user_id\": \"" + member.user() + "\"}";
    assertThat(send(admin, "PUT", session + "/owner", toTheMember).statusCode()).isEqualTo(200);
    assertThat(statusOfServer()).isEqualTo("archived");
  }

  private String statusOfServer() {
    return ApiTestServer.json(send(admin, "GET", sessionServer, "")).path("status").asString();
  }
}
