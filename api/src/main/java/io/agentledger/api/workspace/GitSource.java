package io.agentledger.api.workspace;

import io.agentledger.api.vault.SecretRef;
import org.jspecify.annotations.Nullable;

/**
 * A revision of a repository.
 *
 * @param url https, without a user
 * @param ref a branch, a tag or a commit's full id; null for the repository's default branch
 * @param depth depth of the fetched history, from 1
 * @param credential in a vault, for that server; null for none
 */
public record GitSource(
    String url, @Nullable String ref, int depth, @Nullable SecretRef credential) {
  public static final int DEPTH_MAX = 10_000;
}
