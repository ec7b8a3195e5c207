package io.agentledger.api.shared;

/** Rejections about vaults and their secrets. */
public sealed interface VaultRejection extends Rejection {
  /** The vault holds the maximum number of secrets. */
  record VaultFull(String vaultId, int secretsMax) implements VaultRejection {
    @Override
    public String code() {
      return "vault_full";
    }

    @Override
    public String message() {
      return "The vault "
          + vaultId
          + " holds "
          + secretsMax
          + " secrets, which is the maximum. DELETE /vaults/{id}/secrets/{name} removes one; POST"
          + " /vaults creates another vault.";
    }
  }

  /** A secret cannot change its type or target after its first version. */
  record SecretTargetMismatch(String name) implements VaultRejection {
    @Override
    public String code() {
      return "secret_target_mismatch";
    }

    @Override
    public String message() {
      return "The secret "
          + name
          + " has another type or target; delete it first with DELETE /vaults/{id}/secrets/{name}, or"
          + " use another name.";
    }
  }

  /** The secret is too large. */
  record SecretTooLarge(int bytesMax) implements VaultRejection {
    @Override
    public String code() {
      return "secret_too_large";
    }

    @Override
    public String message() {
      return "A secret may have at most " + bytesMax + " bytes, all its parts together.";
    }
  }
}
