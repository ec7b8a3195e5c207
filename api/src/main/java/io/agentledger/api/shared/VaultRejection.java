package io.agentledger.api.shared;

/** About vaults and their secrets. */
public sealed interface VaultRejection extends Rejection {
  /** A vault holds as many secrets as it may. */
  record VaultFull(String vaultId, int secretsMax) implements VaultRejection {
    @Override
    public String code() {
      return "vault_full";
    }

    @Override
    public String message() {
      return "The vault " + vaultId + " holds " + secretsMax + " secrets, which is the maximum.";
    }
  }

  /** A secret keeps its kind, and what it is for, from its first version on. */
  record SecretTargetMismatch(String name) implements VaultRejection {
    @Override
    public String code() {
      return "secret_target_mismatch";
    }

    @Override
    public String message() {
      return "The secret "
          + name
          + " has another type or target; delete it first, or use another name.";
    }
  }

  /** A secret is larger than secrets may be. */
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
