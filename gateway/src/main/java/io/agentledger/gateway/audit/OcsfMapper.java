package io.agentledger.gateway.audit;

import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.Outcome;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.json.PlainJson;
import io.agentledger.gateway.support.json.WireJson;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Maps audit entries to events of the Open Cybersecurity Schema Framework, version 1.8.0; {@code
 * docs/audit.md} has the mapping as a table.
 */
final class OcsfMapper {
  private static final String VERSION = "1.8.0";
  private static final String PRODUCT = "Agentledger";
  private static final JsonMapper VALUES = PlainJson.MAPPER;

  private static final int OTHER = 99;

  private static final Map<String, Integer> AUTHENTICATION =
      Map.of(
          "LoginStarted", 1,
          "LoginEnded", 2,
          "SignInsRefused", 1,
          "UnknownAccountSignInsRefused", 1,
          "LoginRefreshed", OTHER);

  private static final Map<String, Integer> ACCOUNT_CHANGE =
      Map.of("UserRegistered", 1, "UserEnabled", 2, "PasswordSet", 3, "UserDisabled", 5);

  /** Activities of an entity by the last word of the event's name. */
  private static final Map<String, Integer> ENTITY_MANAGEMENT =
      Map.ofEntries(
          Map.entry("Created", 1),
          Map.entry("Issued", 1),
          Map.entry("Registered", 1),
          Map.entry("Invited", 1),
          Map.entry("Deleted", 4),
          Map.entry("Enabled", 8),
          Map.entry("Disabled", 9),
          Map.entry("Restored", 10),
          Map.entry("Archived", 11),
          Map.entry("Revoked", 11),
          Map.entry("Suspended", 12),
          Map.entry("Resumed", 13));

  private static final int UPDATE = 3;

  private static final Map<String, Integer> API_ACTIVITY =
      Map.of("POST", 1, "GET", 2, "PUT", 3, "PATCH", 3, "DELETE", 4);

  private final WireJson json;

  OcsfMapper(WireJson json) {
    this.json = json;
  }

  /** Returns the event as one line of JSON. */
  String toEvent(AuditView entry) {
    var event = json.mapper().createObjectNode();
    if (AUTHENTICATION.containsKey(entry.action())) addAuthentication(event, entry);
    else if (entry.resourceType().equals("user")) addAccountChange(event, entry);
    else if (!entry.changes().isEmpty()) addEntityManagement(event, entry);
    else addApiActivity(event, entry);
    event
        .put("activity_name", entry.action())
        .put("time", entry.at().toEpochMilli())
        .put("severity_id", entry.outcome() == Outcome.DENIED ? 2 : 1)
        .put("status_id", entry.outcome() == Outcome.DENIED ? 2 : 1)
        .put("count", entry.count());
    String reason = entry.details().get("reason");
    if (reason != null) event.put("status_code", reason);
    addMetadata(event, entry);
    addActor(event, entry);
    String ip = entry.ip();
    boolean isAddress = ip != null && !ip.equals("*");
    event.putObject("src_endpoint").put(isAddress ? "ip" : "name", isAddress ? ip : "unknown");
    var request = event.putObject("http_request").put("uid", entry.requestId());
    if (entry.userAgent() != null) request.put("user_agent", entry.userAgent());
    addUnmapped(event, entry);
    return json.toText(event);
  }

  private static void addClass(ObjectNode event, int classUid, int activityId) {
    event
        .put("category_uid", classUid / 1000)
        .put("class_uid", classUid)
        .put("activity_id", activityId)
        .put("type_uid", classUid * 100L + activityId);
  }

  private static void addAuthentication(ObjectNode event, AuditView entry) {
    addClass(event, 3002, AUTHENTICATION.getOrDefault(entry.action(), OTHER));
    var user = event.putObject("user");
    var caller = entry.actor();
    String subject = entry.details().get("user_id");
    if (subject != null) user.put("uid", subject);
    else if (caller != null) user.put("uid", idOf(caller));
    else user.put("name", "unknown");
    event.putObject("service").put("name", PRODUCT);
  }

  private static void addAccountChange(ObjectNode event, AuditView entry) {
    addClass(event, 3001, ACCOUNT_CHANGE.getOrDefault(entry.action(), OTHER));
    event.putObject("user").put("uid", entry.resourceId());
  }

  private static void addEntityManagement(ObjectNode event, AuditView entry) {
    String verb = entry.action().replaceAll(".*(?=[A-Z])", "");
    addClass(event, 3004, ENTITY_MANAGEMENT.getOrDefault(verb, UPDATE));
    addEntity(event, "entity", entry, true);
    addEntity(event, "entity_result", entry, false);
  }

  private static void addEntity(ObjectNode event, String name, AuditView entry, boolean isBefore) {
    var data =
        event
            .putObject(name)
            .put("type", entry.resourceType())
            .put("uid", entry.resourceId())
            .putObject("data");
    for (var change : entry.changes()) {
      Json shown = isBefore ? change.before() : change.after();
      if (shown != null) data.set(change.field(), VALUES.readTree(shown.text()));
    }
  }

  private static void addApiActivity(ObjectNode event, AuditView entry) {
    boolean isRequest = entry.resourceType().equals("route");
    String method = isRequest ? entry.resourceId().split(" ")[0] : "";
    boolean isExport = entry.action().equals("AuditExported");
    addClass(event, 6003, isExport ? 2 : API_ACTIVITY.getOrDefault(method, OTHER));
    event
        .putObject("api")
        .put("operation", isRequest ? entry.resourceId() : entry.action())
        .putObject("service")
        .put("name", PRODUCT);
    event
        .putArray("resources")
        .addObject()
        .put("type", entry.resourceType())
        .put("uid", entry.resourceId());
  }

  private static void addMetadata(ObjectNode event, AuditView entry) {
    event
        .putObject("metadata")
        .put("version", VERSION)
        .put("uid", entry.id())
        .put("original_event_uid", entry.id())
        .put("event_code", entry.action())
        .put("log_name", "access_audit")
        .put("correlation_uid", entry.requestId())
        .put("original_time", entry.at().toString())
        .putObject("product")
        .put("name", PRODUCT)
        .put("vendor_name", PRODUCT);
  }

  private static void addActor(ObjectNode event, AuditView entry) {
    var actor = event.putObject("actor");
    var user = actor.putObject("user");
    var caller = entry.actor();
    if (caller == null) user.put("name", "anonymous").put("type_id", 0);
    else if (caller.startsWith("user:")) user.put("uid", idOf(caller)).put("type_id", 1);
    else user.put("uid", idOf(caller)).put("type_id", OTHER).put("type", "Agent");
    String credential = entry.credentialId();
    if (credential == null) return;
    if (credential.startsWith("key_"))
      user.putArray("programmatic_credentials")
          .addObject()
          .put("uid", credential)
          .put("type", "API Key");
    else actor.putObject("session").put("uid", credential);
  }

  private static String idOf(String actor) {
    return actor.substring(actor.indexOf(':') + 1);
  }

  private void addUnmapped(ObjectNode event, AuditView entry) {
    var unmapped = event.putObject("unmapped");
    unmapped.set("details", json.toTree(entry.details()));
    if (entry.lastRequestId() != null) unmapped.put("last_request_id", entry.lastRequestId());
    if (entry.changes().isEmpty()) return;
    unmapped.set("changes", json.mapper().valueToTree(entry.changes()));
    unmapped.put("changes_omitted", entry.changesOmitted());
  }
}
