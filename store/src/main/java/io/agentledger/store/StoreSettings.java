package io.agentledger.store;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where a node keeps things.
 *
 * @param home the directory of {@link Home}; {@code AGENTLEDGER_HOME}
 * @param masterKey the file with the master key, or null for {@code keys/master.json} under home;
 *     {@code AGENTLEDGER_MASTER_KEY}
 */
@ConfigurationProperties("agentledger")
public record StoreSettings(@DefaultValue("data") Path home, @Nullable Path masterKey) {}
