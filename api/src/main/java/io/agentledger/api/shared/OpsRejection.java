package io.agentledger.api.shared;

/** Rejections about the operation of the service. */
public sealed interface OpsRejection extends Rejection {
  /** A projection is behind, or is being replayed: it does not contain the requested state yet. */
  record ProjectionRebuilding(String projection) implements OpsRejection {
    @Override
    public String code() {
      return "projection_rebuilding";
    }

    @Override
    public String message() {
      return "The projection " + projection + " is not up to date yet; try again in a moment.";
    }
  }

  /** Another rebuild of the projection has not ended. */
  record RebuildUnderway(String projection) implements OpsRejection {
    @Override
    public String code() {
      return "rebuild_underway";
    }

    @Override
    public String message() {
      return "The projection "
          + projection
          + " is being rebuilt; GET /admin/projections/"
          + projection
          + "/rebuild shows the progress, DELETE cancels it.";
    }
  }

  /** No rebuild of the projection was ever started. */
  record RebuildNotFound(String projection) implements OpsRejection {
    @Override
    public String code() {
      return "rebuild_not_found";
    }

    @Override
    public String message() {
      return "No rebuild of the projection "
          + projection
          + " was started yet; POST /admin/projections/"
          + projection
          + "/rebuild starts one.";
    }
  }

  /** The last rebuild of the projection has ended, or there was none. */
  record RebuildNotRunning(String projection) implements OpsRejection {
    @Override
    public String code() {
      return "rebuild_not_running";
    }

    @Override
    public String message() {
      return "No rebuild of the projection "
          + projection
          + " is in progress; GET /admin/projections/"
          + projection
          + "/rebuild shows the last one.";
    }
  }

  /** Another rotation of the master key has not ended. */
  record RotationUnderway() implements OpsRejection {
    @Override
    public String code() {
      return "rotation_underway";
    }

    @Override
    public String message() {
      return "A rotation of the master key is in progress; GET /admin/master-keys shows its state.";
    }
  }

  /** There is no other master key to rotate to, and none can be created. */
  record NoOtherMasterKey() implements OpsRejection {
    @Override
    public String code() {
      return "no_other_master_key";
    }

    @Override
    public String message() {
      return "There is no other master key; configure a second one first, then repeat POST"
          + " /admin/master-keys/rotate.";
    }
  }

  /** Keys are still wrapped with the master key, or will be. */
  record MasterKeyInUse(String masterKeyId) implements OpsRejection {
    @Override
    public String code() {
      return "master_key_in_use";
    }

    @Override
    public String message() {
      return "The master key "
          + masterKeyId
          + " is in use. Rotate to another one with POST /admin/master-keys/rotate, and wait until"
          + " GET /admin/master-keys shows that none is wrapped with it.";
    }
  }
}
