package io.agentledger.client.audit;

import io.agentledger.api.audit.AuditView;
import io.agentledger.api.audit.ExportFormat;
import io.agentledger.api.shared.Page;
import io.agentledger.client.support.ApiHttpClient;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Client of the access audit. Every call blocks; safe for any number of threads. */
public final class AuditClient {
  private static final String PATH = "/api/v1/audit";

  private final ApiHttpClient http;

  public AuditClient(ApiHttpClient http) {
    this.http = http;
  }

  /**
   * Selection of entries.
   *
   * @param changes whether only changes of configuration are selected
   * @param since earliest time, ISO 8601; null for all
   * @param resourceId null for all
   * @param action name of an event; null for all
   * @param actor {@code type:id}, or the id alone; null for all
   * @param resourceType such as {@code agent}; null for all
   * @param to first time after the entries, ISO 8601; null for all
   * @param outcome {@code succeeded} or {@code denied}; null for both
   * @param requestId null for all
   */
  public record AuditSelection(
      boolean changes,
      @Nullable String since,
      @Nullable String resourceId,
      @Nullable String action,
      @Nullable String actor,
      @Nullable String resourceType,
      @Nullable String to,
      @Nullable String outcome,
      @Nullable String requestId) {
    private String toQuery() {
      return (changes ? "&changes=true" : "")
          + parameter("from", since)
          + parameter("resource_id", resourceId)
          + parameter("action", action)
          + parameter("actor", actor)
          + parameter("resource_type", resourceType)
          + parameter("to", to)
          + parameter("outcome", outcome)
          + parameter("request_id", requestId);
    }

    private static String parameter(String name, @Nullable String value) {
      return value == null
          ? ""
          : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
  }

  /** Lists the newest entries. */
  public Page<AuditView> list(AuditSelection selection, int limit) {
    return http.get(PATH + "?limit=" + limit + selection.toQuery(), new TypeReference<>() {});
  }

  /** Opens an export of all selected entries; the caller closes it. */
  public InputStream export(ExportFormat format, AuditSelection selection) {
    return http.openBody(PATH + "/export?format=" + format.wireName() + selection.toQuery());
  }
}
