package io.agentledger.projection.audit;

import io.agentledger.api.audit.AuditChange;
import io.agentledger.api.audit.AuditFilter;
import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.Outcome;
import io.agentledger.api.shared.Json;
import io.agentledger.store.support.UntrustedJson;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the access audit of one tenant, newest first. */
public final class AuditReader {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

  private final JdbcClient sql;

  AuditReader(JdbcClient sql) {
    this.sql = sql;
  }

  /** Returns the entries after the given position. */
  public List<AuditView> page(String tenant, AuditFilter filter, AuditPosition before, int limit) {
    var where = new StringBuilder("tenant = ? and (at, id) < (?, ?)");
    var values = new ArrayList<Object>(List.of(tenant, time(before.at()), before.id()));
    addConditions(filter, where, values);
    values.add(limit);
    return sql.sql("select * from audit_row where " + where + " order by at desc, id desc limit ?")
        .params(values)
        .query((row, number) -> view(row))
        .list();
  }

  /** Position in the order "newest first"; the id orders entries of the same millisecond. */
  public record AuditPosition(Instant at, String id) {}

  private static void addConditions(AuditFilter filter, StringBuilder where, List<Object> values) {
    String actor = filter.actor();
    if (actor != null) {
      int colon = actor.indexOf(':');
      if (colon > 0) addCondition("actor_type = ?", actor.substring(0, colon), where, values);
      addCondition("actor_id = ?", actor.substring(colon + 1), where, values);
    }
    if (filter.action() != null) addCondition("action = ?", filter.action(), where, values);
    if (filter.resourceId() != null)
      addCondition("resource_id = ?", filter.resourceId(), where, values);
    if (filter.outcome() != null)
      addCondition("outcome = ?", filter.outcome().name(), where, values);
    String requestId = filter.requestId();
    if (requestId != null) {
      addCondition("(request_id = ? or last_request_id = ?)", requestId, where, values);
      values.add(requestId);
    }
    Instant from = filter.from();
    if (from != null) addCondition("at >= ?", time(from), where, values);
    Instant to = filter.to();
    if (to != null) addCondition("at < ?", time(to), where, values);
    if (filter.resourceType() != null)
      addCondition("resource_type = ?", filter.resourceType(), where, values);
    Boolean hasChanges = filter.hasChanges();
    if (hasChanges != null)
      where.append(" and changes is ").append(hasChanges ? "not null" : "null");
  }

  private static void addCondition(
      String condition, Object value, StringBuilder where, List<Object> all) {
    where.append(" and ").append(condition);
    all.add(value);
  }

  private static Object time(Instant at) {
    return at.atOffset(ZoneOffset.UTC);
  }

  private static AuditView view(ResultSet row) throws SQLException {
    String actorType = row.getString("actor_type");
    return new AuditView(
        row.getString("id"),
        row.getTimestamp("at").toInstant(),
        actorType == null ? null : actorType + ":" + row.getString("actor_id"),
        row.getString("credential_id"),
        row.getString("action"),
        row.getString("resource_type"),
        row.getString("resource_id"),
        Outcome.valueOf(row.getString("outcome")),
        row.getLong("count"),
        row.getString("ip"),
        row.getString("user_agent"),
        row.getString("request_id"),
        row.getString("last_request_id"),
        JSON.readValue(row.getString("details"), TEXTS),
        changes(row.getString("changes")),
        row.getInt("changes_omitted"));
  }

  private static List<AuditChange> changes(@Nullable String json) {
    if (json == null) return List.of();
    return StreamSupport.stream(JSON.readTree(json).spliterator(), false)
        .map(
            change ->
                new AuditChange(
                    change.path("field").asString(),
                    toJson(change.path("before")),
                    toJson(change.path("after")),
                    change.path("withheld").asBoolean(),
                    change.path("truncated").asBoolean()))
        .toList();
  }

  private static @Nullable Json toJson(JsonNode value) {
    return value.isNull() ? null : new Json(value.toString());
  }
}
