package io.agentledger.projection.vault;

import jakarta.persistence.Embeddable;
import java.io.Serializable;

/** Primary key of a secret. */
@Embeddable
public record SecretKey(String vaultId, String name) implements Serializable {}
