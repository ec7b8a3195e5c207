package io.agentledger.client.template;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.template.TemplateView;
import io.agentledger.client.support.ApiHttpClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Client of templates. Every call blocks; safe for any number of threads. */
public final class TemplatesClient {
  private final ApiHttpClient http;

  public TemplatesClient(ApiHttpClient http) {
    this.http = http;
  }

  /**
   * Lists templates that are not archived, most used first.
   *
   * @param category null for all
   */
  public Page<TemplateView> list(@Nullable String category, PageRequest page) {
    var filter =
        category == null ? "" : "&category=" + URLEncoder.encode(category, StandardCharsets.UTF_8);
    return http.get(
        "/api/v1/templates?order=most_used&limit=" + page.limit() + filter,
        new TypeReference<>() {});
  }
}
