package io.agentledger.api.flow;

import io.agentledger.api.vault.SecretRef;

/**
 * Address and credential of a provider's API.
 *
 * @param apiUrl base URL; empty for the default of the provider
 * @param credential secret of a vault
 */
public record ProviderConnection(SourceProvider provider, String apiUrl, SecretRef credential) {}
