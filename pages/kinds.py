from interactions.models import Kind

KIND_ICONS = {
    Kind.CALL: "phone",
    Kind.TEXT: "message-circle",
    Kind.EMAIL: "mail",
    Kind.VIDEO: "video",
    Kind.COFFEE: "coffee",
    Kind.LUNCH: "utensils",
    Kind.MEETING: "users",
    Kind.BRAINSTORM: "lightbulb",
    Kind.EVENT: "ticket",
    Kind.CLASS: "graduation-cap",
    Kind.OPEN_HOUSE: "house",
    Kind.NOTE: "pen-line",
    Kind.SOCIAL: "share-2",
}
