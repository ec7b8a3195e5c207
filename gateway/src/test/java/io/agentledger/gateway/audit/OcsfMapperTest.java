package io.agentledger.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.audit.AuditChange;
import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.Outcome;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.json.WireJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Required attributes, constraints and activities are those of the schema 1.8.0. */
class OcsfMapperTest {
  private static final JsonMapper JSON = new JsonMapper();

  /** Required attributes of every event, and of the classes in addition. */
  private static final List<String> REQUIRED =
      List.of(
          "/activity_id",
          "/category_uid",
          "/class_uid",
          "/metadata/product",
          "/metadata/version",
          "/severity_id",
          "/time",
          "/type_uid");

  private static final Map<Integer, List<String>> REQUIRED_OF_CLASS =
      Map.of(
          3001, List.of("/user/uid"),
          3002, List.of("/user", "/service/name"),
          3004, List.of("/entity/uid"),
          6003, List.of("/actor/user", "/api/operation", "/src_endpoint"));

  private static final Map<Integer, List<Integer>> ACTIVITIES =
      Map.of(
          3001, List.of(1, 2, 3, 5, 99),
          3002, List.of(1, 2, 99),
          3004, List.of(1, 3, 4, 8, 9, 10, 11, 12, 13),
          6003, List.of(1, 2, 3, 4, 99));

  private static JsonNode event(
      String action, String type, String id, @Nullable String actor, List<AuditChange> changes) {
    boolean isDenied = action.equals("DenialsCounted") || action.endsWith("Refused");
    var entry =
        new AuditView(
            "evt-1",
            Instant.ofEpochMilli(1_700_000_000_123L),
            actor,
            actor == null ? null : actor.startsWith("user:") ? "key_2222222222" : "lgn_2222222222",
            action,
            type,
            id,
            isDenied ? Outcome.DENIED : Outcome.SUCCEEDED,
            3,
            actor == null ? null : "192.0.2.7",
            actor == null ? null : "curl/8",
            "req_1",
            null,
            isDenied ? Map.of("reason", "forbidden") : Map.of("name", "ci"),
            changes,
            0);
    return JSON.readTree(new OcsfMapper(new WireJson()).toEvent(entry));
  }

  private static final AuditChange MEMORY =
      new AuditChange("limits.memory_mib", new Json("0"), new Json("512"), false, false);

  @ParameterizedTest
  @CsvSource({
    "LoginStarted, login, 300201",
    "LoginEnded, login, 300202",
    "LoginRefreshed, login, 300299",
    "SignInsRefused, sign_in_refusals, 300201",
    "UserRegistered, user, 300101",
    "UserRoleChanged, user, 300199",
    "PasswordSet, user, 300103",
    "EnvironmentCreated, environment, 300401",
    "EnvironmentChanged, environment, 300403",
    "EnvironmentDeleted, environment, 300404",
    "McpServerDisabled, mcp_server, 300409",
    "AgentRestored, agent, 300410",
    "ApiKeyRevoked, api_key, 300411",
    "TenantSuspended, tenant, 300412",
    "SecretPut, vault, 300403",
  })
  void configurationAndIdentityHaveTheirClasses(String action, String type, int typeUid) {
    for (var actor : new String[] {"user:usr_2222222222", "agent:agt_2222222222", null}) {
      var event = event(action, type, "id_1", actor, List.of(MEMORY));
      assertThat(event.path("type_uid").asInt()).isEqualTo(typeUid);
      assertValid(event);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "DenialsCounted, route, GET /api/v1/sessions, 600302",
    "DenialsCounted, route, *, 600399",
    "AuditExported, access_audit, aud_1, 600302",
    "QueryIssued, session, ses_1, 600399",
  })
  void otherActionsAreActivitiesOfTheApi(String action, String type, String id, int typeUid) {
    for (var actor : new String[] {"user:usr_2222222222", null}) {
      var event = event(action, type, id, actor, List.of());
      assertThat(event.path("type_uid").asInt()).isEqualTo(typeUid);
      assertThat(event.path("status_id").asInt())
          .isEqualTo(action.equals("DenialsCounted") ? 2 : 1);
      assertValid(event);
    }
  }

  private static void assertValid(JsonNode event) {
    int classUid = event.path("class_uid").asInt();
    assertThat(REQUIRED).allMatch(pointer -> !event.at(pointer).isMissingNode());
    assertThat(REQUIRED_OF_CLASS.get(classUid))
        .allMatch(pointer -> !event.at(pointer).isMissingNode());
    assertThat(ACTIVITIES.get(classUid)).contains(event.path("activity_id").asInt());
    assertThat(event.path("category_uid").asInt()).isEqualTo(classUid / 1000);
    for (var user : List.of(event.at("/user"), event.at("/actor/user")))
      assertThat(user.isMissingNode() || user.has("uid") || user.has("name")).isTrue();
    assertThat(event.path("src_endpoint").size()).isEqualTo(1);
    assertThat(event.path("time").asLong()).isEqualTo(1_700_000_000_123L);
    assertThat(event.path("metadata").path("uid").asString()).isEqualTo("evt-1");
  }

  @Test
  void anEntityHasItsDataBeforeAndAfter() {
    var withheld = new AuditChange("definition", null, null, true, false);
    var event = event("AgentChanged", "agent", "agt_1", "user:usr_1", List.of(withheld, MEMORY));
    assertThat(event.at("/entity/data").toString()).isEqualTo("{\"limits.memory_mib\":0}");
    assertThat(event.at("/entity_result/data").toString()).isEqualTo("{\"limits.memory_mib\":512}");
    assertThat(event.at("/unmapped/changes/0/withheld").asBoolean()).isTrue();
    assertThat(event.at("/actor/user/programmatic_credentials/0/uid").asString())
        .isEqualTo("key_2222222222");
  }
}
