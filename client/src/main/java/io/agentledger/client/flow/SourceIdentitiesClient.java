package io.agentledger.client.flow;

import io.agentledger.api.flow.SourceIdentityId;
import io.agentledger.api.flow.SourceIdentityView;
import io.agentledger.api.flow.SourceProvider;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.support.ApiHttpClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.type.TypeReference;

/** Client of identities at providers, for admins. */
public final class SourceIdentitiesClient {
  private static final String IDENTITIES = "/api/v1/source-identities";

  private final ApiHttpClient http;

  public SourceIdentitiesClient(ApiHttpClient http) {
    this.http = http;
  }

  /**
   * Maps an account at a provider to a user, whose decisions its comments then are. The same
   * mapping may be repeated.
   *
   * @param accountId id that the provider gave the account; not its login
   */
  public SourceIdentityView map(SourceProvider provider, String accountId, UserId user) {
    return http.post(
        IDENTITIES,
        Map.of(
            "provider",
            provider.name().toLowerCase(Locale.ROOT),
            "account_id",
            accountId,
            "user_id",
            user.value()),
        new TypeReference<>() {});
  }

  /** Lists the identities of the tenant, newest first. */
  public Page<SourceIdentityView> list(PageRequest page) {
    var cursor =
        page.cursor() == null
            ? ""
            : "&cursor=" + URLEncoder.encode(page.cursor(), StandardCharsets.UTF_8);
    return http.get(IDENTITIES + "?limit=" + page.limit() + cursor, new TypeReference<>() {});
  }

  public SourceIdentityView find(SourceIdentityId identity) {
    return http.get(IDENTITIES + "/" + identity, new TypeReference<>() {});
  }

  /** Removes the mapping of an identity; its comments are only text from then on. */
  public void remove(SourceIdentityId identity) {
    http.delete(IDENTITIES + "/" + identity);
  }
}
