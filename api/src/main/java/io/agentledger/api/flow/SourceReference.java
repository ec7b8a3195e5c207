package io.agentledger.api.flow;

import io.agentledger.api.identity.TenantId;
import io.agentledger.api.shared.Ids;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Item at a provider where a flow began and where its replies go.
 *
 * @param project owner and name of a repository, key of a project, or organization and project
 * @param item number of an issue or pull request, key of an issue, or id of an issue
 * @param url of the item for people; null for none
 */
public record SourceReference(
    SourceProvider provider, String project, String item, @Nullable String url) {
  public static final int PROJECT_LENGTH_MAX = 200;
  public static final int ITEM_LENGTH_MAX = 100;

  /** Returns a name for the item in a tenant, from which the item cannot be read. */
  public static String keyOf(
      TenantId tenant, SourceProvider provider, String project, String item) {
    return Ids.derived(
        "src", tenant.value(), provider.name(), project.toLowerCase(Locale.ROOT), item);
  }
}
