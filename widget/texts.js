/** Every word that the widget shows. A site overrides some of them with `element.texts = {…}`. */
export const TEXTS = {
  title: "Assistant automatique",
  open: "Poser une question à l'assistant",
  close: "Fermer",
  log: "Conversation avec l'assistant",
  welcome:
    "Bonjour ! Je suis un programme : je réponds à partir d'une page du site de l'OIM et je cite ma source. Quelle est votre question ?",
  history:
    "« Quitter vite », ou la touche Échap trois fois, efface cette conversation et ouvre une autre page. L'historique de votre navigateur, lui, garde la trace de cette page.",
  label: "Votre question",
  send: "Envoyer",
  you: "Vous : ",
  assistant: "Assistant : ",
  writing: "L'assistant écrit…",
  slow: "La réponse tarde, l'assistant cherche encore…",
  privacy: "Vie privée",
  quit: "Quitter vite",
  erase: "Effacer la conversation",
  erased: "La conversation est effacée, ici et sur notre serveur.",
  erasedHere:
    "La conversation est effacée ici. Notre serveur ne répond pas : il l'effacera tout seul dans quelques heures.",
  retry: "Réessayer",
  offline: "Votre message n'est pas parti : il n'y a pas de réseau. Il est gardé, réessayez quand le réseau revient.",
  timeout: "La réponse n'est pas venue à temps. Votre message est gardé, vous pouvez réessayer.",
  failed: "L'assistant ne répond pas. Votre message est gardé, vous pouvez réessayer.",
  newTab: " (nouvel onglet)",
  useful: "Cette réponse vous a-t-elle été utile ?",
  yes: "Oui",
  no: "Non",
  why: "Qu'est-ce qui ne va pas ?",
  reasons: {
    wrong: "C'est faux",
    incomplete: "C'est incomplet",
    other: "Ce n'est pas ma question",
    unclear: "Ce n'est pas clair",
  },
  thanks: "Merci, c'est noté.",
};
