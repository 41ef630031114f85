import { course, daily, dish } from './dish.ts';

const BREAKFAST = daily('07:00', '11:00');

export const TIFFIN = course('Breakfast & Tiffin', [
  dish(
    'Kanda Poha',
    80_00,
    'Flattened rice with onions, peanuts and a squeeze of lime, the way Pune starts its day. Until eleven.',
    {
      'Flattened rice': 0.08,
      Onion: 0.05,
      Peanut: 15,
      Lemon: 0.5,
      'Curry leaf': 1,
      'Mustard seed': 1,
      Turmeric: 1,
      Coriander: 3,
      'Sunflower oil': 0.012,
    },
    { hours: BREAKFAST },
  ),
  dish(
    'Rava Upma',
    80_00,
    'Roasted semolina stirred with green peas, ginger, curry leaves and cashews. Until eleven.',
    { Semolina: 0.08, 'Green pea': 0.03, Cashew: 8, Onion: 0.03, 'Green chilli': 3, 'Curry leaf': 1, 'Mustard seed': 1, Ghee: 0.008 },
    { hours: BREAKFAST },
  ),
  dish(
    'Aloo Paratha with Curd',
    120_00,
    'Two stuffed flatbreads off the griddle, butter melting on top, cold curd and pickle beside. Until eleven.',
    { 'Wheat flour': 0.14, Potato: 0.18, Butter: 0.02, Curd: 0.1, 'Green chilli': 3, Coriander: 4, 'Garam masala': 1 },
    { hours: BREAKFAST },
  ),
  dish(
    'Puri Bhaji',
    110_00,
    'Four puffed puris and a yellow potato curry, light on spice and heavy on comfort. Until eleven.',
    { 'Wheat flour': 0.12, Potato: 0.2, Onion: 0.05, Turmeric: 1, 'Mustard seed': 1, 'Sunflower oil': 0.04 },
    { hours: BREAKFAST },
  ),
  dish(
    'Steamed Idli',
    70_00,
    'Three soft idlis from a batter fermented overnight, with sambar.',
    { 'Idli rice': 0.07, 'Urad dal': 0.025, 'Toor dal': 0.02, Tomato: 0.03, Tamarind: 3, 'Mustard seed': 0.5 },
    { choices: ['Chutneys and podi'] },
  ),
  dish(
    'Medu Vada',
    90_00,
    'Two crisp lentil rings with pepper and curry leaf, served with sambar.',
    { 'Urad dal': 0.07, 'Toor dal': 0.02, 'Curry leaf': 1, 'Green chilli': 2, Tamarind: 3, 'Sunflower oil': 0.03 },
    { choices: ['Chutneys and podi'] },
  ),
  dish(
    'Masala Dosa',
    130_00,
    'A crackling brown dosa folded over turmeric potatoes, with sambar for dipping.',
    {
      'Idli rice': 0.09,
      'Urad dal': 0.03,
      Potato: 0.14,
      Onion: 0.05,
      'Toor dal': 0.02,
      Turmeric: 1,
      'Mustard seed': 1,
      'Curry leaf': 1,
      'Sunflower oil': 0.015,
    },
    { choices: ['Chutneys and podi'], tags: ['bestseller'] },
  ),
  dish(
    'Ghee Podi Dosa',
    150_00,
    'A paper-thin dosa brushed with ghee and dusted with gunpowder.',
    { 'Idli rice': 0.09, 'Urad dal': 0.04, 'Toor dal': 0.02, Ghee: 0.02, 'Chilli powder': 3, Tamarind: 3 },
    { choices: ['Chutneys and podi'], tags: ['spicy'] },
  ),
  dish(
    'Onion Uttapam',
    130_00,
    'A thick griddle cake studded with onions, green chilli and coriander.',
    { 'Idli rice': 0.1, 'Urad dal': 0.03, Onion: 0.09, 'Green chilli': 3, Coriander: 3, 'Toor dal': 0.02, 'Sunflower oil': 0.012 },
    { choices: ['Chutneys and podi'] },
  ),
]);

export const LATE_NIGHT = course(
  'Late Night',
  [
    dish(
      'Egg Bhurji Pav',
      130_00,
      'Three eggs scrambled with onion, tomato and too much chilli, two toasted buns. Ten at night till two.',
      { Egg: 3, Onion: 0.06, Tomato: 0.05, 'Green chilli': 5, 'Pav bun': 2, Butter: 0.015, Coriander: 3 },
      { tags: ['spicy'] },
    ),
    dish(
      'Chicken Kathi Roll',
      180_00,
      'Charred chicken tikka, raw onion and lime in a flaky egg paratha, wrapped to be eaten walking.',
      { Chicken: 0.12, 'Refined flour': 0.08, Egg: 1, Onion: 0.04, Lemon: 0.25, Curd: 0.03, 'Garam masala': 2, 'Sunflower oil': 0.015 },
      { choices: ['Spice level'] },
    ),
    dish(
      'Midnight Pav Bhaji',
      150_00,
      'Vegetables mashed on the griddle under a raft of butter, buns fried in what is left.',
      {
        'Pav bun': 2,
        Potato: 0.15,
        'Green pea': 0.04,
        Cauliflower: 0.06,
        Capsicum: 0.03,
        Tomato: 0.1,
        Onion: 0.05,
        Butter: 0.03,
        'Garam masala': 3,
        Lemon: 0.25,
      },
      { choices: ['Spice level', 'Make it richer'], tags: ['bestseller'] },
    ),
  ],
  daily('22:00', '02:00'),
);
