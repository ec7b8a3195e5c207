package io.agentledger.projection.session;

import io.agentledger.projection.session.SessionRowRepository.SessionCriteria;
import io.agentledger.projection.session.SessionRowRepository.SessionSummary;
import io.agentledger.projection.session.SessionRowRepository.SessionViewer;
import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;

/**
 * Queries with only the conditions that restrict something, each value a parameter of its own:
 * Hibernate translates a list of values anew at each call, and PostgreSQL plans every condition.
 * For two comparisons with unknown bounds of a range it expects so few rows that it reads and sorts
 * all that match, so the upper bound is one with the position.
 */
final class SessionPagesReader implements SessionPages {
  private static final String SUMMARY =
      "select new io.agentledger.projection.session.SessionRowRepository$SessionSummary("
          + "s.id, s.createdAt)";
  private static final String SHARED_WITH_VIEWER =
      """
      exists (select 1 from ShareRow h
        where h.tenant = s.tenant and h.key.sessionId = s.id and h.key.audience in (:user, '*'))""";

  private final EntityManager entityManager;

  SessionPagesReader(EntityManager entityManager) {
    this.entityManager = entityManager;
  }

  @Override
  public List<SessionRow> page(
      SessionViewer viewer, SessionCriteria criteria, Instant before, String id, Limit limit) {
    return conditions(viewer, criteria, before, id).select("select s", SessionRow.class, limit);
  }

  @Override
  public List<SessionSummary> pageOfSummaries(
      SessionViewer viewer,
      SessionCriteria criteria,
      String session,
      Instant changedSince,
      Instant before,
      String id,
      Limit limit) {
    return conditions(viewer, criteria, before, id)
        .addIfGiven("s.id = ", "session", session)
        .add("s.updatedAt >= ", "changedSince", changedSince)
        .select(SUMMARY, SessionSummary.class, limit);
  }

  private Conditions conditions(
      SessionViewer viewer, SessionCriteria criteria, Instant before, String id) {
    var conditions =
        new Conditions()
            .add("s.tenant = ", "tenant", viewer.tenant())
            .addOneOf("s.activity", "activity", criteria.activities())
            .addOneOf("s.lifecycle.status", "lifecycle", criteria.lifecycles())
            .addIfGiven("s.filterColumns.permissionMode = ", "mode", criteria.mode())
            .addIfGiven("s.filterColumns.executor = ", "executor", criteria.executor())
            .addIfGiven("s.filterColumns.originType = ", "origin", criteria.origin())
            .addIfGiven("s.owner = ", "owner", criteria.owner())
            .addIfGiven("s.createdAt >= ", "from", criteria.from());
    if (!viewer.all())
      conditions.put("(s.owner = :user or " + SHARED_WITH_VIEWER + ")", "user", viewer.user());
    if (!criteria.tag().isEmpty())
      conditions.put("array_contains(s.lifecycle.tags, :tag)", "tag", criteria.tag());
    if (!criteria.agent().isEmpty())
      conditions.put(":agent in (s.agentName, s.agentId)", "agent", criteria.agent());
    var to = criteria.to();
    return to == null || to.isAfter(before)
        ? conditions.addPosition(before, id)
        : conditions.addPosition(to, "");
  }

  /** Conditions of a query; all of them must be true. */
  private final class Conditions {
    private final StringJoiner text = new StringJoiner(" and ", " from SessionRow s where ", "");
    private final Map<String, Object> parameters = new HashMap<>();

    private Conditions bind(String parameter, Object value) {
      parameters.put(parameter, value);
      return this;
    }

    private Conditions put(String condition, String parameter, Object value) {
      text.add(condition);
      return bind(parameter, value);
    }

    private Conditions add(String comparison, String parameter, Object value) {
      return put(comparison + ":" + parameter, parameter, value);
    }

    private Conditions addPosition(Instant before, String id) {
      return put("(s.createdAt, s.id) < (:before, :id)", "before", before).bind("id", id);
    }

    private Conditions addIfGiven(String comparison, String parameter, String value) {
      return value.isEmpty() ? this : add(comparison, parameter, value);
    }

    private Conditions addIfGiven(String comparison, String parameter, @Nullable Instant value) {
      return value == null ? this : add(comparison, parameter, value);
    }

    /** Adds nothing if all values of the type are permitted. */
    private <E extends Enum<E>> Conditions addOneOf(
        String column, String parameter, Set<E> values) {
      if (values.isEmpty()) {
        text.add("1 = 0");
        return this;
      }
      Class<E> type = values.iterator().next().getDeclaringClass();
      if (values.size() == type.getEnumConstants().length) return this;
      var names = new StringJoiner(", ", column + " in (", ")");
      int i = 0;
      for (E value : values) {
        String name = parameter + i++;
        names.add(":" + name);
        bind(name, value);
      }
      text.add(names.toString());
      return this;
    }

    private <T> List<T> select(String selection, Class<T> type, Limit limit) {
      var query =
          entityManager.createQuery(
              selection + text + " order by s.createdAt desc, s.id desc", type);
      parameters.forEach(query::setParameter);
      return query.setMaxResults(limit.max()).getResultList();
    }
  }
}
