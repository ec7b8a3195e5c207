package io.agentledger.api.shared;

/** Rejections about channels and chats. */
public sealed interface ChannelRejection extends Rejection {
  /** The chat is closed. */
  record ChatClosedAlready(String chatId) implements ChannelRejection {
    @Override
    public String code() {
      return "chat_closed";
    }

    @Override
    public String message() {
      return "The chat " + chatId + " is closed. Open it with POST /chats/" + chatId + "/reopen.";
    }
  }

  /** Another user answers in the chat. */
  record ChatTakenOverAlready(String chatId, String userId) implements ChannelRejection {
    @Override
    public String code() {
      return "chat_taken_over";
    }

    @Override
    public String message() {
      return "The user "
          + userId
          + " has taken over the chat "
          + chatId
          + ". Let them hand it back with POST /chats/"
          + chatId
          + "/hand-back.";
    }
  }

  /** An agent writes to a chat in which it is not active. */
  record ChatAgentNotActive(String chatId) implements ChannelRejection {
    @Override
    public String code() {
      return "chat_agent_not_active";
    }

    @Override
    public String message() {
      return "The agent is not active in the chat "
          + chatId
          + ". Write again when GET /chats/"
          + chatId
          + " has the `agent_state` active.";
    }
  }

  /** An agent does with its token what only users may do. */
  record ChatUserRequired(String chatId) implements ChannelRejection {
    @Override
    public String code() {
      return "chat_user_required";
    }

    @Override
    public String message() {
      return "An agent only reads, writes and escalates in the chat "
          + chatId
          + ". Let a user do this, or hand the chat over with POST /chats/"
          + chatId
          + "/escalate.";
    }
  }

  /** A chat is assigned to a user who does not see it. */
  record AssigneeNotMember(String userId, String channelId) implements ChannelRejection {
    @Override
    public String code() {
      return "assignee_not_member";
    }

    @Override
    public String message() {
      return "The user "
          + userId
          + " does not see the chats of the channel "
          + channelId
          + ". Add them to its `members` with PUT /channels/"
          + channelId
          + ".";
    }
  }

  /** The channel has no agent that could answer. */
  record ChannelWithoutAgent(String channelId) implements ChannelRejection {
    @Override
    public String code() {
      return "channel_without_agent";
    }

    @Override
    public String message() {
      return "The channel "
          + channelId
          + " has no agent. Give it one with PUT /channels/"
          + channelId
          + ".";
    }
  }

  /** The time in which the platform accepts texts after the contact's last message has passed. */
  record OutsideWindow(String chatId, long windowSeconds) implements ChannelRejection {
    @Override
    public String code() {
      return "outside_window";
    }

    @Override
    public String message() {
      return "The contact wrote more than "
          + windowSeconds / 3600
          + " hours ago, so the platform accepts only templates. Send one with POST /chats/"
          + chatId
          + "/messages.";
    }
  }

  /** The platform cannot send what a message contains. */
  record MessageNotSupported(String platform, String detail) implements ChannelRejection {
    @Override
    public String code() {
      return "message_not_supported";
    }

    @Override
    public String message() {
      return "The platform " + platform + " cannot send this message: " + detail + ".";
    }
  }

  /** A message is to be cancelled that the contact may have. */
  record MessageBeingSent(String chatId, String messageId) implements ChannelRejection {
    @Override
    public String code() {
      return "message_being_sent";
    }

    @Override
    public String message() {
      return "A request to send the message "
          + messageId
          + " has begun, so the contact may have a part of it. Find the result with GET /chats/"
          + chatId
          + "/messages/"
          + messageId
          + ".";
    }
  }

  /**
   * A message is to be cancelled that does not wait.
   *
   * @param status name on the wire
   */
  record MessageNotPending(String chatId, String messageId, String status)
      implements ChannelRejection {
    @Override
    public String code() {
      return "message_not_pending";
    }

    @Override
    public String message() {
      return "The message "
          + messageId
          + " is "
          + status
          + ", and only a pending one can be cancelled. Send another one with POST /chats/"
          + chatId
          + "/messages.";
    }
  }

  /**
   * A message is to be sent again that was sent, or may still be.
   *
   * @param status name on the wire
   */
  record MessageNotUnsent(String chatId, String messageId, String status)
      implements ChannelRejection {
    @Override
    public String code() {
      return "message_not_unsent";
    }

    @Override
    public String message() {
      return "The message "
          + messageId
          + " is "
          + status
          + ", and only a failed or cancelled one can be sent again. Send another one with POST"
          + " /chats/"
          + chatId
          + "/messages.";
    }
  }

  /** Too many received messages of a channel wait. */
  record ChannelBacklogFull(int max) implements ChannelRejection {
    @Override
    public String code() {
      return "channel_backlog_full";
    }

    @Override
    public String message() {
      return max + " messages of this channel wait. Send this one again later.";
    }
  }

  /**
   * A reader of notifications about chats is too far behind.
   *
   * @param max number of events that are kept for it
   */
  record ChatReaderBehind(int max) implements ChannelRejection {
    @Override
    public String code() {
      return "chat_reader_behind";
    }

    @Override
    public String message() {
      return "The reader is more than "
          + max
          + " events behind. Load the chats with GET /chats, and follow them without `after`.";
    }
  }

  /** The identity or the token of a visitor is not valid, or there is no such channel. */
  record VisitorRefused() implements ChannelRejection {
    @Override
    public String code() {
      return "visitor_refused";
    }

    @Override
    public String message() {
      return "The visitor's identity or token is not valid for this channel. Request a token with"
          + " POST /widget/{channel}/visits.";
    }
  }
}
